import type { SamplerContext } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

interface Prediction {
  readonly denoised: Float32Array;
  /** With CFG++ alone. */
  readonly unconditional: Float32Array | undefined;
}

/** The network as a sampler calls it that exists with and without CFG++ (Chung et al. 2024, arXiv 2406.08070). */
export function predictor(
  { denoise, denoiseGuided }: Pick<SamplerContext, "denoise" | "denoiseGuided">,
  cfgPp: boolean,
): (x: Float32Array, sigma: number) => Promise<Prediction> {
  if (cfgPp) return denoiseGuided;
  return async (x, sigma) => ({ denoised: await denoise(x, sigma), unconditional: undefined });
}

/** Where a step begins: x, or with CFG++ x + D - U, as the noise in x is that of the unconditional prediction U. */
export function stepStart(x: Float32Array, denoised: Float32Array, unconditional: Float32Array | undefined): Float32Array {
  return unconditional ? weightedSum([1, x], [1, denoised], [-1, unconditional]) : x;
}
