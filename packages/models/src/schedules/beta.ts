import { betaQuantile } from "./betaQuantile.js";
import { roundHalfEven } from "../resample/roundHalfEven.js";
import type { ModelSampling } from "./modelSampling.js";
import { withZero, type Scheduler } from "./scheduler.js";

const ALPHA = 0.6;
const BETA = 0.6;

/**
 * Timesteps at evenly spread quantiles of the Beta(0.6, 0.6) distribution, denser at both ends, then 0. Timesteps that coincide count once,
 * so many steps give fewer. Source: Lee et al. 2024, "Beta Sampling is All You Need".
 */
export const beta: Scheduler = (sampling, steps) => betaSigmas(sampling, steps, ALPHA, BETA);

/** The same for a Beta distribution of any two parameters above 0. */
export function betaSigmas({ sigmas }: ModelSampling, steps: number, alpha: number, betaParameter: number): Float32Array {
  const last = sigmas.length - 1;
  const timesteps = Array.from({ length: steps }, (_, i) => roundHalfEven(betaQuantile(1 - i / steps, alpha, betaParameter) * last));
  return withZero(timesteps.filter((t, i) => t !== timesteps[i - 1]).map((t) => sigmas[t]!));
}
