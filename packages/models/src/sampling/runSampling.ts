import { EngineError } from "@patchbay/engine";
import { initialNoise } from "../noise/index.js";
import { resizeBilinear } from "../resample/index.js";
import type { SamplerEntry, StepState } from "../samplers/index.js";
import type { ModelSampling } from "../schedules/index.js";
import { calculateSigmas, findSampler } from "./calculateSigmas.js";
import { sampleSigmas, type GuidedModel } from "./sampleSigmas.js";

/** [N, C, H, W] */
export type LatentShape = readonly [batch: number, channels: number, height: number, width: number];

/** What a run over given levels takes. */
export interface LevelsOptions {
  readonly sampling: ModelSampling;
  /** The network with its guidance, in the model's own latent scale. */
  readonly model: GuidedModel;
  /** 0 … 2^64 - 1 */
  readonly seed: bigint;
  /** The latent as it travels between nodes, fp32 [N, C, H, W]; zeros for an empty one. It isn't changed. */
  readonly latent: Float32Array;
  readonly shape: LatentShape;
  /** Each item's place in the batch it was taken from. */
  readonly batchIndex?: readonly number[];
  /** 1 where to sample, 0 where to keep: fp32 [n, height, width] of any size; resized to the latent, repeated over its batch and channels. */
  readonly noiseMask?: { readonly data: Float32Array; readonly shape: readonly [count: number, height: number, width: number] };
  /** The model's latents are this many times the ones between nodes (0.18215 for Stable Diffusion 1). */
  readonly latentScale?: number;
  /** False starts from the latent without noise: it already carries it. */
  readonly addNoise?: boolean;
  /** Called after each step's first model call; x and denoised in the model's own scale. */
  readonly onStep?: (index: number, total: number, state: StepState) => void;
  readonly signal?: AbortSignal;
}

export interface SamplingOptions extends LevelsOptions {
  /** 1 … 10000 */
  readonly steps: number;
  readonly sampler: string;
  readonly scheduler: string;
  /** 0 … 1: the part of the way to run; 0 returns the latent. */
  readonly denoise?: number;
  /** The first step to run, 0 by default; at or past the last step the latent is returned. */
  readonly startStep?: number;
  /** The step to stop before; all by default. */
  readonly endStep?: number;
  /** Where `endStep` cuts the run short: finish at sigma 0 instead of returning the leftover noise. */
  readonly forceFullDenoise?: boolean;
}

/**
 * What KSampler and KSamplerAdvanced do: schedule, noise, sampler, and the latent's scale in and out.
 *
 * @returns the new latent, fp32 [N, C, H, W], in the scale of the given one
 * @throws MODEL_UNKNOWN_SAMPLER, MODEL_UNKNOWN_SCHEDULER, MODEL_STEPS and what sampleLevels throws
 */
export async function runSampling(options: SamplingOptions): Promise<Float32Array> {
  const sampler = findSampler(options.sampler);
  const sigmas = cutSigmas(calculateSigmas(options), options);
  return (await sampleLevels(sampler, sigmas, options)).latent;
}

/**
 * Runs a sampler over given levels, with noise of the seed and the latent's scale in and out. Fewer than two levels return the latent.
 *
 * @returns the new latent and the last clean latent that was predicted, fp32 [N, C, H, W], in the scale of the given one
 * @throws MODEL_SEED_RANGE, MODEL_SEED_OVERFLOW, MODEL_BATCH_INDEX, MODEL_LATENT_SHAPE, MODEL_NOISE_MASK; the signal's reason when it is aborted
 */
export async function sampleLevels(
  sampler: SamplerEntry,
  sigmas: Float32Array,
  options: LevelsOptions,
): Promise<{ readonly latent: Float32Array; readonly denoised: Float32Array }> {
  const { sampling, model, seed, shape, latent, latentScale = 1, onStep, signal } = options;
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.length !== 4 || !shape.every((size) => Number.isInteger(size) && size > 0) || latent.length !== count)
    throw new EngineError(
      "MODEL_LATENT_SHAPE",
      `Cannot sample a latent of ${latent.length} values as [${shape.join(", ")}]: it must be [batch, channels, height, width].`,
    );
  if (sigmas.length < 2) return { latent: latent.slice(), denoised: latent.slice() };
  const noise = options.addNoise === false ? new Float32Array(count) : initialNoise(seed, shape, options.batchIndex);
  const noiseMask = options.noiseMask && fitMask(options.noiseMask, shape);
  let denoised: Float32Array | undefined;
  const result = await sampleSigmas({
    sampling,
    model,
    sampler,
    sigmas,
    seed,
    noise,
    latent: latent.map((value) => value * latentScale),
    ...(noiseMask && { noiseMask }),
    onStep(index, total, state) {
      denoised = state.denoised;
      onStep?.(index, total, state);
    },
    ...(signal && { signal }),
  });
  const unscaled = (values: Float32Array): Float32Array => values.map((value) => value / latentScale);
  return { latent: unscaled(result), denoised: unscaled(denoised ?? result) };
}

/** The levels of the steps that are to run; fewer than two when there is nothing to do. */
function cutSigmas(sigmas: Float32Array, { startStep = 0, endStep, forceFullDenoise }: SamplingOptions): Float32Array {
  let cut = sigmas;
  if (endStep !== undefined && endStep < sigmas.length - 1) {
    cut = sigmas.slice(0, Math.max(endStep, 0) + 1);
    if (forceFullDenoise) cut[cut.length - 1] = 0;
  }
  return cut.subarray(Math.max(startStep, 0));
}

/** The mask at the latent's size, for every element: bilinear, never rounded. */
function fitMask({ data, shape }: NonNullable<SamplingOptions["noiseMask"]>, [batch, channels, height, width]: LatentShape): Float32Array {
  const [count, maskHeight, maskWidth] = shape;
  if (!shape.every((size) => Number.isInteger(size) && size > 0) || data.length !== count * maskHeight * maskWidth)
    throw new EngineError(
      "MODEL_NOISE_MASK",
      `Cannot use a noise mask of ${data.length} values as [${shape.join(", ")}]: it must be [count, height, width].`,
    );
  const resized = resizeBilinear({ data, shape: [count, 1, maskHeight, maskWidth] }, height, width).data;
  const plane = height * width;
  const out = new Float32Array(batch * channels * plane);
  for (let i = 0; i < batch * channels; i++) {
    const from = (Math.floor(i / channels) % count) * plane;
    out.set(resized.subarray(from, from + plane), i * plane);
  }
  return out;
}
