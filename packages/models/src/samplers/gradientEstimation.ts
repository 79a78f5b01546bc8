import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const GAMMA = 2;

/** Euler's method along an extrapolated direction γ·d + (1 - γ)·d_last. Permenter and Yuan 2024 (arXiv 2306.04848), algorithm 2. The step to 0 is D. */
export const gradientEstimation: Sampler = async ({ x, sigmas, denoise, onStep }) => {
  const total = sigmas.length - 1;
  let last: Float32Array | undefined;
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    if (next === 0) return denoised;
    const dt = Math.fround(next - sigma);
    const direction = weightedSum([1 / sigma, x], [-1 / sigma, denoised]);
    x = last ? weightedSum([1, x], [GAMMA * dt, direction], [(1 - GAMMA) * dt, last]) : weightedSum([1, x], [dt, direction]);
    last = direction;
  }
  return x;
};
