import { derivativeStep, eulerStep } from "./eulerStep.js";
import { logMidpoint } from "./logMidpoint.js";
import type { Sampler } from "./sampler.js";

/** A midpoint method in log sigma, two model calls a step but the last: DPM-Solver-2 (Lu et al. 2022) as k-diffusion's `sample_dpm_2` (MIT). */
export const dpm2: Sampler = async ({ x, sigmas, denoise, onStep }) => {
  const total = sigmas.length - 1;
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    if (next === 0) return eulerStep(x, denoised, sigma, next);
    const middle = logMidpoint(sigma, next);
    const atMiddle = eulerStep(x, denoised, sigma, middle);
    x = derivativeStep(x, atMiddle, await denoise(atMiddle, middle), middle, Math.fround(next - sigma));
  }
  return x;
};
