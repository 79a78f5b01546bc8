import { weightedSum } from "./weightedSum.js";

/** One step of Euler's method along dx/dσ = (x - D)/σ. To sigma 0 it gives D itself. */
export function eulerStep(x: Float32Array, denoised: Float32Array, sigma: number, sigmaNext: number): Float32Array {
  return derivativeStep(x, x, denoised, sigma, Math.fround(sigmaNext - sigma));
}

/** x + dt · (at - D)/σ: a step of length dt from x with the derivative found at another point. */
export function derivativeStep(x: Float32Array, at: Float32Array, denoised: Float32Array, sigma: number, dt: number): Float32Array {
  const slope = dt / sigma;
  return x === at ? weightedSum([1 + slope, x], [-slope, denoised]) : weightedSum([1, x], [slope, at], [-slope, denoised]);
}
