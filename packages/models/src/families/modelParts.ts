import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "@patchbay/engine";
import type { PredictionType } from "../schedules/index.js";
import { openWeights } from "../weights/shardedFiles.js";
import { pathKind } from "../weights/weightFile.js";
import type { WeightStore } from "../weights/weightStore.js";
import type { ModelParts } from "./family.js";
import { originalAutoencoderName } from "./networks/autoencoder/diffusersAutoencoderNames.js";
import { originalUnetName } from "./networks/unet/diffusersUnetNames.js";

/**
 * The parts of a model from a single file (`.safetensors`, or the index of a sharded one) with the original tensor names, or from a folder as
 * diffusers saves them. A part that isn't there is left out. @throws WEIGHTS_FILE and whatever reading weights throws
 */
export async function readModelParts(path: string): Promise<ModelParts> {
  return (await pathKind(path)) === "folder" ? readFolder(path) : splitCheckpoint(await openWeights(path));
}

/** The parts of a checkpoint by the prefixes of the original Stable Diffusion files. */
export function splitCheckpoint(store: WeightStore): ModelParts {
  const part = (...prefixes: string[]): WeightStore | undefined => {
    const prefix = prefixes.find((each) => store.hasPrefix(each));
    return prefix === undefined ? undefined : store.under(prefix);
  };
  const diffusion = part("model.diffusion_model.");
  const inner = part("cond_stage_model.transformer.text_model.", "cond_stage_model.model.");
  // Files of 2022 lack the "text_model" level.
  const text = inner ?? (store.hasPrefix("cond_stage_model.transformer.embeddings.") ? part("cond_stage_model.transformer.") : undefined);
  const autoencoder = part("first_stage_model.");
  return { ...(diffusion && { diffusion }), ...(text && { text }), ...(autoencoder && { autoencoder }) };
}

/** An autoencoder's tensors under their original names, from a file of its own, a checkpoint, or diffusers' names. @throws MODEL_UNKNOWN */
export function autoencoderPart(store: WeightStore, source: string): WeightStore {
  if (store.has("decoder.conv_in.weight")) {
    return store.hasPrefix("decoder.up_blocks.") ? store.rename(originalAutoencoderName(store)) : store;
  }
  const { autoencoder } = splitCheckpoint(store);
  if (!autoencoder)
    throw new EngineError("MODEL_UNKNOWN", `could not find an autoencoder in "${source}": it has no "decoder.conv_in.weight"`);
  return autoencoder;
}

async function readFolder(folder: string): Promise<ModelParts> {
  const [unet, text, vae] = await Promise.all([
    openFolder(folder, "unet", "diffusion_pytorch_model"),
    openFolder(folder, "text_encoder", "model"),
    openFolder(folder, "vae", "diffusion_pytorch_model"),
  ]);
  if (!unet && !text && !vae) {
    throw new EngineError(
      "WEIGHTS_FILE",
      `could not find a model in the folder "${folder}": it must have unet/, text_encoder/ or vae/ with .safetensors files`,
    );
  }
  const predictionType = await readPrediction(join(folder, "scheduler", "scheduler_config.json"));
  return {
    ...(unet && { diffusion: unet.rename(originalUnetName(unet)) }),
    // transformers 5 saves it without the "text_model" level.
    ...(text && { text: text.under(text.hasPrefix("text_model.") ? "text_model." : ""), textIsCut: true }),
    ...(vae && { autoencoder: autoencoderPart(vae, folder) }),
    ...(predictionType && { predictionType }),
  };
}

/** The weights of one folder: the plain file, a half-precision variant, or a sharded one. */
async function openFolder(folder: string, part: string, stem: string): Promise<WeightStore | undefined> {
  for (const name of [`${stem}.safetensors`, `${stem}.safetensors.index.json`, `${stem}.fp16.safetensors`]) {
    const path = join(folder, part, name);
    if ((await pathKind(path)) === "file") return openWeights(path);
  }
  return undefined;
}

async function readPrediction(path: string): Promise<PredictionType | undefined> {
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new EngineError("WEIGHTS_HEADER", `could not read "${path}": it must be JSON`, { cause });
  }
  const named: unknown = (parsed as { prediction_type?: unknown } | null)?.prediction_type;
  return named === "v_prediction" ? "v" : named === "sample" ? "x0" : named === "epsilon" ? "eps" : undefined;
}
