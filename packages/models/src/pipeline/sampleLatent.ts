import { EngineError } from "@patchbay/engine";
import type { Conditioning } from "../guidance/conditioning.js";
import { guideModel } from "../guidance/guideModel.js";
import type { Guider } from "../guidance/guiders.js";
import type { SamplerEntry } from "../samplers/index.js";
import { runSampling, sampleLevels, type LatentShape, type LevelsOptions, type SamplingOptions } from "../sampling/index.js";
import type { DiffusionModel } from "./diffusionModel.js";

export interface SampleOptions extends Omit<SamplingOptions, "sampling" | "model" | "latentScale"> {
  readonly model: DiffusionModel;
  readonly positive: Conditioning;
  readonly negative: Conditioning;
  /** Guidance scale; 1 leaves the negative side out. */
  readonly cfg: number;
  /** Bytes the engine may hold in all. */
  readonly memoryLimit?: number;
}

/**
 * Samples a latent: what KSampler and KSamplerAdvanced do, with a model and its conditionings.
 * @returns the new latent, fp32 in the shape and scale of the given one
 * @throws MODEL_LATENT_SHAPE, MODEL_CONDITIONING, and what runSampling and running the network throw
 */
export async function sampleLatent({ model, positive, negative, cfg, ...options }: SampleOptions): Promise<Float32Array> {
  const { shape } = options;
  expectChannels(model, shape);
  const guided = guideModel({ model, positive, negative, cfg, shape, run: runOptions(options) });
  return runSampling({ ...options, sampling: model.sampling, model: guided, latentScale: model.latent.scale });
}

export interface CustomSampleOptions extends Omit<LevelsOptions, "sampling" | "model" | "latentScale"> {
  readonly guider: Guider;
  readonly sampler: SamplerEntry;
  /** Fewer than two return the latent. */
  readonly sigmas: Float32Array;
  readonly memoryLimit?: number;
}

/**
 * Samples a latent over given levels: what SamplerCustom and SamplerCustomAdvanced do.
 * @returns the new latent and the last prediction of the clean one, fp32 in the shape and scale of the given one
 * @throws MODEL_LATENT_SHAPE, MODEL_CONDITIONING, and what sampleLevels and running the network throw
 */
export async function sampleCustom({
  guider,
  sampler,
  sigmas,
  ...options
}: CustomSampleOptions): Promise<{ readonly latent: Float32Array; readonly denoised: Float32Array }> {
  const { model } = guider;
  expectChannels(model, options.shape);
  const guided = guider.guide(options.shape, runOptions(options));
  return sampleLevels(sampler, sigmas, { ...options, sampling: model.sampling, model: guided, latentScale: model.latent.scale });
}

function runOptions({ signal, memoryLimit }: { readonly signal?: AbortSignal; readonly memoryLimit?: number }) {
  return { ...(signal && { signal }), ...(memoryLimit !== undefined && { memoryLimit }) };
}

function expectChannels({ latent }: DiffusionModel, shape: LatentShape): void {
  if (shape[1] === latent.channels) return;
  throw new EngineError(
    "MODEL_LATENT_SHAPE",
    `could not sample a latent of [${shape.join(", ")}]: this model's latents have ${latent.channels} channels`,
  );
}
