import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

/** Multistep consistency sampling: each step is the prediction, noised again to the next level. Song et al. 2023, algorithm 1; Luo et al. 2023 (LCM). */
export const lcm: Sampler = async ({ x, sigmas, denoise, noise, onStep }) => {
  const total = sigmas.length - 1;
  const stepNoise = noise.independent();
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    x = next > 0 ? weightedSum([1, denoised], [next, stepNoise(sigma, next)]) : denoised;
  }
  return x;
};
