import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

/**
 * How much each of the last derivatives counts in a step, newest first, times the step: `nodes` are the sigmas they were found at,
 * newest first, `next` the sigma to step to.
 */
export type MultistepWeights = (nodes: readonly number[], next: number) => readonly number[];

/** x + Σ weight · (x - D)/σ over the last `order` levels, the newest included; the step to 0 is D. */
export function linearMultistep(order: number, weigh: MultistepWeights): Sampler {
  return async ({ x, sigmas, denoise, onStep }) => {
    const total = sigmas.length - 1;
    /** Newest first. */
    const derivatives: Float32Array[] = [];
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const denoised = await denoise(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      if (next === 0) return denoised;
      derivatives.unshift(weightedSum([1 / sigma, x], [-1 / sigma, denoised]));
      derivatives.splice(order);
      const nodes = derivatives.map((_, k) => sigmas[i - k]!);
      const weights = weigh(nodes, next);
      x = weightedSum([1, x], ...derivatives.map((derivative, k): [number, Float32Array] => [weights[k]!, derivative]));
    }
    return x;
  };
}
