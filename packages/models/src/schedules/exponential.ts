import { linspace } from "./linspace.js";
import { withZero, type Scheduler } from "./scheduler.js";

const { exp, fround, log } = Math;

/** Evenly spread in the logarithm of sigma, then 0. */
export const exponential: Scheduler = ({ sigmaMin, sigmaMax }, steps) => exponentialSigmas(steps, sigmaMin, sigmaMax);

/** The same between any levels. */
export function exponentialSigmas(steps: number, sigmaMin: number, sigmaMax: number): Float32Array {
  return withZero(linspace(log(sigmaMax), log(sigmaMin), steps).map(exp));
}

/** The way in the logarithm of sigma is the power `rho` of an even one, then 0: k-diffusion's `get_sigmas_polyexponential` (MIT). */
export function polyexponentialSigmas(steps: number, sigmaMin: number, sigmaMax: number, rho: number): Float32Array {
  const span = log(sigmaMax) - log(sigmaMin);
  return withZero(linspace(1, 0, steps).map((ramp) => exp(fround(fround(fround(ramp ** rho) * span) + fround(log(sigmaMin))))));
}
