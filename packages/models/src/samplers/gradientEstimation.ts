import { predictor } from "./predictor.js";
import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const GAMMA = 2;

/**
 * Euler's method along an extrapolated direction γ·d + (1 - γ)·d_last. Permenter and Yuan 2024 (arXiv 2306.04848), algorithm 2. The step to 0 is D.
 * With CFG++ (Chung et al. 2024, arXiv 2406.08070) directions are those of the unconditional prediction, and a step begins at D.
 */
function gradientEstimationWith(cfgPp: boolean): Sampler {
  return async ({ x, sigmas, onStep, ...network }) => {
    const predict = predictor(network, cfgPp);
    const total = sigmas.length - 1;
    let last: Float32Array | undefined;
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const { denoised, unconditional } = await predict(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      if (next === 0) return denoised;
      const dt = Math.fround(next - sigma);
      const direction = weightedSum([1 / sigma, x], [-1 / sigma, unconditional ?? denoised]);
      const ahead = unconditional ? weightedSum([1, denoised], [next, direction]) : weightedSum([1, x], [dt, direction]);
      x = last ? weightedSum([1, ahead], [(GAMMA - 1) * dt, direction], [(1 - GAMMA) * dt, last]) : ahead;
      last = direction;
    }
    return x;
  };
}

export const gradientEstimation = gradientEstimationWith(false);
export const gradientEstimationCfgPp = gradientEstimationWith(true);
