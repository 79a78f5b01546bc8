import { eulerStep } from "./eulerStep.js";
import type { Sampler } from "./sampler.js";

/** Euler's method: Karras et al. 2022, algorithm 2 without churn and correction; as k-diffusion's `sample_euler` (MIT). It is DDIM at eta 0 too. */
export const euler: Sampler = async ({ x, sigmas, denoise, onStep }) => {
  const total = sigmas.length - 1;
  for (let i = 0; i < total; i++) {
    const sigma = sigmas[i]!;
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    x = eulerStep(x, denoised, sigma, sigmas[i + 1]!);
  }
  return x;
};
