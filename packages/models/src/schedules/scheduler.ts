import type { ModelSampling } from "./modelSampling.js";

/** Chooses the noise levels of a run of `steps` ≥ 1 steps: fp32, falling, the last one 0. Usually steps + 1 values. */
export type Scheduler = (sampling: ModelSampling, steps: number) => Float32Array;

/** The levels with the final 0 appended. */
export function withZero(sigmas: ArrayLike<number>): Float32Array {
  const out = new Float32Array(sigmas.length + 1);
  out.set(sigmas);
  return out;
}
