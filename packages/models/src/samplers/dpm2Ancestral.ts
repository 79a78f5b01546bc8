import { ancestralSigmas } from "./ancestralSigmas.js";
import { derivativeStep, eulerStep } from "./eulerStep.js";
import { logMidpoint } from "./logMidpoint.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

/** DPM-Solver-2 steps that overshoot and put the difference back as fresh noise: k-diffusion's `sample_dpm_2_ancestral` (MIT). */
export const dpm2Ancestral: Sampler = async ({ x, sigmas, denoise, noise, onStep }) => {
  const total = sigmas.length - 1;
  const stepNoise = noise.independent();
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    const { down, up } = ancestralSigmas(sigma, next);
    if (down === 0) {
      x = eulerStep(x, denoised, sigma, down);
      continue;
    }
    const middle = logMidpoint(sigma, down);
    const atMiddle = eulerStep(x, denoised, sigma, middle);
    const stepped = derivativeStep(x, atMiddle, await denoise(atMiddle, middle), middle, Math.fround(down - sigma));
    x = weightedSum([1, stepped], [up, stepNoise(sigma, next)]);
  }
  return x;
};
