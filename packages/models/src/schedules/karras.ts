import { linspace } from "./linspace.js";
import { withZero, type Scheduler } from "./scheduler.js";

const RHO = 7;

/** Evenly spread in the seventh root of sigma, then 0: Karras et al. 2022, equation 5. */
export const karras: Scheduler = ({ sigmaMin, sigmaMax }, steps) => karrasSigmas(steps, sigmaMin, sigmaMax, RHO);

/** The same between any levels, for any root. */
export function karrasSigmas(steps: number, sigmaMin: number, sigmaMax: number, rho: number): Float32Array {
  const { fround } = Math;
  const low = sigmaMin ** (1 / rho);
  const high = sigmaMax ** (1 / rho);
  const span = fround(low - high);
  return withZero(linspace(0, 1, steps).map((ramp) => fround(fround(high) + fround(ramp * span)) ** rho));
}
