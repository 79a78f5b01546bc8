import { withZero, type Scheduler } from "./scheduler.js";

/** Evenly spread in arctan(sigma), then 0: Sabour et al. 2024, "Align Your Steps", the KL-optimal schedule of a Gaussian. One step has no such schedule (NaN). */
export const klOptimal: Scheduler = ({ sigmaMin, sigmaMax }, steps) => {
  const { fround } = Math;
  const low = fround(Math.atan(sigmaMin));
  const high = fround(Math.atan(sigmaMax));
  const sigmas = Float32Array.from({ length: steps }, (_, i) => {
    const ratio = fround(i / (steps - 1));
    return Math.tan(fround(fround(ratio * low) + fround(fround(1 - ratio) * high)));
  });
  return withZero(sigmas);
};
