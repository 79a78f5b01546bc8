import { nextGenerator, seededNoise } from "../noise/index.js";
import type { GuidedPrediction, SamplerEntry, StepState } from "../samplers/index.js";
import type { ModelSampling } from "../schedules/index.js";
import { EngineError } from "@patchbay/engine";

/** A network under guidance, as samplers call it. Arrays are fp32, the whole batch. */
export interface GuidedModel {
  /** The clean latent D for a noisy latent x at a noise level. */
  denoise(x: Float32Array, sigma: number): Promise<Float32Array>;
  /** As `denoise`, with the unconditional prediction, which must then be evaluated whatever the scale. `*_cfg_pp` samplers need it. */
  denoiseGuided?(x: Float32Array, sigma: number): Promise<GuidedPrediction>;
}

/** The part of the batch to sample, element by element: 1 is sampled, 0 is kept, between is mixed. */
export type NoiseMask = Float32Array;

export interface SigmasRun {
  readonly sampling: ModelSampling;
  readonly model: GuidedModel;
  readonly sampler: SamplerEntry;
  /** Falling; at least two levels. */
  readonly sigmas: Float32Array;
  /** For the noise of steps; the initial noise is given. */
  readonly seed: bigint;
  /** The initial noise, unit variance (or zeros), the size of the batch. */
  readonly noise: Float32Array;
  /** The latent to start from, in the model's own scale, the size of the batch. */
  readonly latent: Float32Array;
  readonly noiseMask?: NoiseMask;
  readonly onStep?: (index: number, total: number, state: StepState) => void;
  /** Checked before every model call. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a sampler over given levels: mixes the start, keeps what a noise mask protects at every model call, and returns the latent at
 * the last level in the model's own scale.
 *
 * @throws MODEL_SEED_OVERFLOW for a sampler that draws noise with the largest seed; the signal's reason when it is aborted
 */
export async function sampleSigmas(run: SigmasRun): Promise<Float32Array> {
  const { sampling, sampler, sigmas, seed, noise, latent, model, signal } = run;
  const [first, last] = [sigmas[0]!, sigmas.at(-1)!];
  const { keepBefore, keepAfter } = noiseMasking(run);
  const result = await sampler.sample({
    x: sampling.noiseScaling(first, noise, latent, isMaxDenoise(first, sampling.sigmaMax)),
    sigmas,
    sampling,
    noise: seededNoise(seed, latent.length),
    async denoise(x, sigma) {
      signal?.throwIfAborted();
      return keepAfter(await model.denoise(keepBefore(x, sigma), sigma));
    },
    async denoiseGuided(x, sigma) {
      signal?.throwIfAborted();
      if (!model.denoiseGuided)
        throw new EngineError(
          "MODEL_NO_UNCONDITIONAL",
          "This sampler needs the unconditional prediction too, which the given model does not offer: choose one without _cfg_pp.",
        );
      const { denoised, unconditional } = await model.denoiseGuided(keepBefore(x, sigma), sigma);
      return { denoised: keepAfter(denoised), unconditional };
    },
    onStep: (index, total, state) => run.onStep?.(index, total, state),
  });
  return sampling.inverseNoiseScaling(last, result);
}

/** Whether sampling starts at the model's largest level, so that nothing of the latent is meant to remain. */
function isMaxDenoise(sigma: number, sigmaMax: number): boolean {
  return sigma > sigmaMax || Math.abs(sigma - sigmaMax) <= 1e-5 * Math.max(sigma, sigmaMax);
}

/** With a mask: x·m + noised latent·(1 - m) before a model call, D·m + latent·(1 - m) after it. */
function noiseMasking({ sampling, sampler, seed, noise, latent, noiseMask: mask }: SigmasRun) {
  if (!mask) return { keepBefore: (x: Float32Array, _sigma: number) => x, keepAfter: (denoised: Float32Array) => denoised };
  const kept = sampler.renoisesKeptPart ? nextGenerator(seed).randn(noise.length) : noise;
  return {
    keepBefore: (x: Float32Array, sigma: number) => blend(x, sampling.noiseScaling(sigma, kept, latent, false), mask),
    keepAfter: (denoised: Float32Array) => blend(denoised, latent, mask),
  };
}

function blend(inside: Float32Array, outside: Float32Array, mask: NoiseMask): Float32Array {
  return inside.map((value, i) => value * mask[i]! + outside[i]! * (1 - mask[i]!));
}
