import { EngineError } from "@patchbay/engine";
import { autoencoderPart, readModelParts } from "../families/modelParts.js";
import { readAutoencoderConfig } from "../families/networks/autoencoder/autoencoderConfig.js";
import { detectFamily } from "../families/registry.js";
import type { ModelFamily } from "../families/family.js";
import { LatentColours } from "../preview/latentColours.js";
import { openWeights } from "../weights/shardedFiles.js";
import type { WeightStore } from "../weights/weightStore.js";
import { Autoencoder } from "./autoencoder.js";
import { DiffusionModel } from "./diffusionModel.js";
import { StoredWeights } from "./modelWeights.js";
import { TextEncoder } from "./textEncoder.js";

/** The parts of a checkpoint, ready to run; a part the file doesn't hold is undefined. */
export interface Checkpoint {
  readonly family: ModelFamily;
  readonly model: DiffusionModel;
  readonly clip: TextEncoder | undefined;
  readonly vae: Autoencoder | undefined;
}

/**
 * Opens a model: a single safetensors file with original names, the index of a sharded one, or a diffusers folder. Only headers are
 * read; weights are mapped, and read when a network first runs.
 * @throws MODEL_UNKNOWN, MODEL_UNSUPPORTED, MODEL_LAYOUT, and WEIGHTS_* of a file that is damaged
 */
export async function loadCheckpoint(path: string): Promise<Checkpoint> {
  const parts = await readModelParts(path);
  const { diffusion, text, autoencoder } = parts;
  if (!diffusion) {
    throw new EngineError(
      "MODEL_UNKNOWN",
      `could not load "${path}" as a checkpoint: it holds no diffusion network ("model.diffusion_model.…")`,
    );
  }
  const family = detectFamily(diffusion, path);
  const definition = await family.diffusion({ ...parts, diffusion });
  const vae = autoencoder && autoencoderOf(autoencoder);
  return {
    family,
    model: new DiffusionModel(family, definition, new StoredWeights(diffusion), new LatentColours(definition.latent, vae)),
    clip: text && new TextEncoder(family, family.text({ ...parts, text }), new StoredWeights(text)),
    vae,
  };
}

/** Opens an autoencoder from a file of its own, in the original or diffusers' names, or out of a checkpoint. @throws as loadCheckpoint */
export async function loadAutoencoder(path: string): Promise<Autoencoder> {
  return autoencoderOf(autoencoderPart(await openWeights(path), path));
}

function autoencoderOf(store: WeightStore): Autoencoder {
  return new Autoencoder(readAutoencoderConfig(store), new StoredWeights(store));
}

/**
 * The vectors of a textual-inversion embedding's file: the tensor `clip_l` or `emb_params`, or else its first, [vectors, width].
 * @throws MODEL_UNKNOWN when there is no such tensor, WEIGHTS_*
 */
export async function readEmbedding(path: string): Promise<Float32Array[]> {
  const store = await openWeights(path);
  const name = ["clip_l", "emb_params"].find((each) => store.has(each)) ?? [...store.names][0];
  const shape = name === undefined ? [] : store.shape(name);
  const [count = 0, width = 0] = shape.length === 1 ? [1, shape[0]!] : shape;
  if (name === undefined || shape.length < 1 || shape.length > 2 || count < 1 || width < 1) {
    throw new EngineError("MODEL_UNKNOWN", `could not read "${path}" as an embedding: it must hold a tensor [vectors, width]`);
  }
  const data = await store.read(name);
  return Array.from({ length: count }, (_, row) => data.slice(row * width, (row + 1) * width));
}
