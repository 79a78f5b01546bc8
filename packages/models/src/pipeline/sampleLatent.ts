import { EngineError } from "@patchbay/engine";
import type { Conditioning } from "../guidance/conditioning.js";
import { guideModel } from "../guidance/guideModel.js";
import { runSampling, type SamplingOptions } from "../sampling/index.js";
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
export async function sampleLatent({ model, positive, negative, cfg, memoryLimit, ...options }: SampleOptions): Promise<Float32Array> {
  const { shape, signal } = options;
  if (shape[1] !== model.latent.channels) {
    throw new EngineError(
      "MODEL_LATENT_SHAPE",
      `could not sample a latent of [${shape.join(", ")}]: this model's latents have ${model.latent.channels} channels`,
    );
  }
  const run = { ...(signal && { signal }), ...(memoryLimit !== undefined && { memoryLimit }) };
  const guided = guideModel({ model, positive, negative, cfg, shape, run });
  return runSampling({ ...options, sampling: model.sampling, model: guided, latentScale: model.latent.scale });
}
