import { ancestralSigmas } from "./ancestralSigmas.js";
import type { Sampler } from "./sampler.js";
import { USUAL_NOISE, type StepNoiseOptions } from "./stepNoise.js";
import { weightedSum } from "./weightedSum.js";

/** CFG++: the guided prediction, noised again along the direction of the unconditional one. Chung et al. 2024 (arXiv 2406.08070), algorithm 2. */
export const eulerCfgPp: Sampler = async ({ x, sigmas, denoiseGuided, onStep }) => {
  const total = sigmas.length - 1;
  for (let i = 0; i < total; i++) {
    const sigma = sigmas[i]!;
    const { denoised, unconditional } = await denoiseGuided(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    const slope = sigmas[i + 1]! / sigma;
    x = weightedSum([1, denoised], [slope, x], [-slope, unconditional]);
  }
  return x;
};

/** CFG++ with ancestral noise. */
export function eulerAncestralCfgPpWith({ eta, noiseScale }: StepNoiseOptions): Sampler {
  return async ({ x, sigmas, denoiseGuided, noise, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = noise.independent();
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const { denoised, unconditional } = await denoiseGuided(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      const { down, up } = ancestralSigmas(sigma, next, eta);
      const slope = down / sigma;
      x = weightedSum([1, denoised], [slope, x], [-slope, unconditional]);
      if (next > 0) x = weightedSum([1, x], [up * noiseScale, stepNoise(sigma, next)]);
    }
    return x;
  };
}

export const eulerAncestralCfgPp = eulerAncestralCfgPpWith(USUAL_NOISE);
