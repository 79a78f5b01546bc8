import { eulerStep } from "./eulerStep.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

/** Heun's second-order method, two model calls a step but the last: Karras et al. 2022, algorithm 2 without churn; as k-diffusion's `sample_heun` (MIT). */
export const heun: Sampler = async ({ x, sigmas, denoise, onStep }) => {
  const total = sigmas.length - 1;
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    const predicted = eulerStep(x, denoised, sigma, next);
    if (next === 0) return predicted;
    const denoisedNext = await denoise(predicted, next);
    const half = Math.fround(next - sigma) / 2;
    const [here, there] = [half / sigma, half / next];
    x = weightedSum([1 + here, x], [-here, denoised], [there, predicted], [-there, denoisedNext]);
  }
  return x;
};
