import { ancestralSigmas } from "./ancestralSigmas.js";
import { eulerStep } from "./eulerStep.js";
import type { Sampler } from "./sampler.js";
import { USUAL_NOISE, type StepNoiseOptions } from "./stepNoise.js";
import { weightedSum } from "./weightedSum.js";

/** Euler steps that overshoot and put the difference back as fresh noise: k-diffusion's `sample_euler_ancestral` (MIT). */
export function eulerAncestralWith({ eta, noiseScale }: StepNoiseOptions): Sampler {
  return async ({ x, sigmas, denoise, noise, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = noise.independent();
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const denoised = await denoise(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      const { down, up } = ancestralSigmas(sigma, next, eta);
      x = eulerStep(x, denoised, sigma, down);
      if (next > 0) x = weightedSum([1, x], [up * noiseScale, stepNoise(sigma, next)]);
    }
    return x;
  };
}

export const eulerAncestral = eulerAncestralWith(USUAL_NOISE);
