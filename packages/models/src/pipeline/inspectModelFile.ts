import { EngineError } from "@patchbay/engine";
import { autoencoderPart, readModelParts } from "../families/modelParts.js";
import { readAutoencoderConfig } from "../families/networks/autoencoder/autoencoderConfig.js";
import { families } from "../families/registry.js";
import type { ModelParts } from "../families/family.js";
import { readLora } from "../lora/loraFile.js";
import { openWeights } from "../weights/shardedFiles.js";
import { pathKind } from "../weights/weightFile.js";
import type { WeightStore } from "../weights/weightStore.js";

export type ModelFileKind = "checkpoint" | "autoencoder" | "lora" | "embedding" | "latent" | "unknown";

/** One part of a model file: how much of it there is, and its sizes where its layout is known. */
export interface PartReport {
  readonly part: string;
  readonly tensors: number;
  readonly parameters: number;
  readonly bytes: number;
  /** Parameters of each storage type. */
  readonly dtypes: Readonly<Record<string, number>>;
  readonly sizes: Readonly<Record<string, number | string | readonly number[]>>;
}

/** What a model file is. */
export interface ModelReport {
  readonly path: string;
  readonly kind: ModelFileKind;
  /** The family's id and title, where the file holds a diffusion network of a known one. */
  readonly family: { readonly id: string; readonly title: string } | undefined;
  readonly parts: readonly PartReport[];
  /** The file's own notes. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Why a part's layout could not be read, if so. */
  readonly problems: readonly string[];
}

/**
 * Tells what a model file (or a diffusers folder) is from its header alone: its kind, family, sizes, types and notes.
 * @throws WEIGHTS_* of a file that is damaged or isn't safetensors
 */
export async function inspectModelFile(path: string): Promise<ModelReport> {
  const isFolder = (await pathKind(path)) === "folder";
  const store = isFolder ? undefined : await openWeights(path);
  const parts = await readModelParts(path);
  const problems: string[] = [];
  const common = { path, metadata: store?.metadata ?? parts.diffusion?.metadata ?? {}, problems };
  if (parts.diffusion) return { ...common, ...(await reportCheckpoint(parts, problems)) };
  const kind = store ? await kindOf(store, path) : parts.autoencoder ? "autoencoder" : "unknown";
  const single = kind === "autoencoder" ? (parts.autoencoder ?? autoencoderPart(store!, path)) : store;
  const sizes = kind === "autoencoder" && single ? await attempt(problems, () => autoencoderSizes(single)) : undefined;
  const other = single ? [reportPart(kind, single, sizes)] : [];
  return { ...common, kind, family: undefined, parts: other };
}

async function reportCheckpoint(parts: ModelParts, problems: string[]): Promise<Pick<ModelReport, "kind" | "family" | "parts">> {
  const { diffusion, text, autoencoder } = parts;
  const family = diffusion && families.find((each) => each.detect(diffusion));
  const reports: PartReport[] = [];
  if (diffusion) {
    const sizes = family && (await attempt(problems, async () => (await family.diffusion({ ...parts, diffusion })).summary));
    reports.push(reportPart("diffusion", diffusion, sizes));
  }
  if (text) {
    const sizes = await attempt(problems, () => {
      const config = family?.text({ ...parts, text }).config;
      return config && { layers: config.layers, width: config.width, heads: config.heads, tokens: config.positions };
    });
    reports.push(reportPart("text encoder", text, sizes));
  }
  if (autoencoder) reports.push(reportPart("autoencoder", autoencoder, await attempt(problems, () => autoencoderSizes(autoencoder))));
  return { kind: "checkpoint", family: family && { id: family.id, title: family.title }, parts: reports };
}

function autoencoderSizes(store: WeightStore): PartReport["sizes"] {
  const { latentChannels, widths, scale } = readAutoencoderConfig(store);
  return { latentChannels, channels: widths, scale };
}

async function kindOf(store: WeightStore, path: string): Promise<ModelFileKind> {
  const names = [...store.names];
  if (store.has("decoder.conv_in.weight") || store.hasPrefix("first_stage_model.")) return "autoencoder";
  if (store.has("latent_tensor")) return "latent";
  if ((await readLora(path)).modules.size > 0) return "lora";
  return names.length > 0 && names.length <= 4 && names.every((name) => store.shape(name).length <= 2) ? "embedding" : "unknown";
}

function reportPart(part: string, store: WeightStore, sizes: PartReport["sizes"] | undefined): PartReport {
  const dtypes: Record<string, number> = {};
  let [tensors, parameters, bytes] = [0, 0, 0];
  for (const name of store.names) {
    const { shape, dtype, byteLength } = store.info(name)!;
    const elements = shape.reduce((product, size) => product * size, 1);
    tensors++;
    parameters += elements;
    bytes += byteLength;
    dtypes[dtype] = (dtypes[dtype] ?? 0) + elements;
  }
  return { part, tensors, parameters, bytes, dtypes, sizes: sizes ?? {} };
}

async function attempt<T>(problems: string[], read: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    problems.push(error.message);
    return undefined;
  }
}
