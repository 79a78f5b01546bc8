import type { NoiseSource } from "../noise/index.js";
import type { ModelSampling } from "../schedules/index.js";

/** What a sampler knows at a step, for previews. */
export interface StepState {
  /** The noisy latent the step began with; [N, C, H, W] as the context's x. */
  readonly x: Float32Array;
  /** The clean latent D predicted for it. */
  readonly denoised: Float32Array;
  readonly sigma: number;
}

/** A prediction with guidance, and the unconditional one it was guided away from. */
export interface GuidedPrediction {
  readonly denoised: Float32Array;
  readonly unconditional: Float32Array;
}

/** Everything a sampler works with. Arrays are fp32 and hold the whole batch, row-major [N, C, H, W]; sigmas are fp32 values. */
export interface SamplerContext {
  /** The noisy latent at sigmas[0]. A sampler doesn't write to it. */
  readonly x: Float32Array;
  /** Noise levels, falling, at least two; the last is 0 unless noise is to be left over. A sampler doesn't write to them. */
  readonly sigmas: Float32Array;
  /** The network with guidance: the clean latent D for a noisy one. The result belongs to the sampler. */
  readonly denoise: (x: Float32Array, sigma: number) => Promise<Float32Array>;
  /** As `denoise`, and the unconditional prediction too, which is then always evaluated. Only `*_cfg_pp` samplers call it. */
  readonly denoiseGuided: (x: Float32Array, sigma: number) => Promise<GuidedPrediction>;
  readonly noise: NoiseSource;
  /** The noise process, for samplers that need more of it than sigmas. */
  readonly sampling: ModelSampling;
  /** Called once a step, after its first model call: `index` 0 … total - 1. */
  readonly onStep: (index: number, total: number, state: StepState) => void;
}

/** Walks x from sigmas[0] down to the last sigma and returns the latent there, [N, C, H, W]. */
export type Sampler = (context: SamplerContext) => Promise<Float32Array>;
