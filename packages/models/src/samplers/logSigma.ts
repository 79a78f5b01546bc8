/** t = -ln σ: the time DPM-Solver works in (half the log signal-to-noise ratio), in fp32. σ = 0 is Infinity. */
export function toTime(sigma: number): number {
  return Math.fround(-Math.log(sigma));
}

/** σ = exp(-t), in fp32. */
export function fromTime(time: number): number {
  return Math.fround(Math.exp(-time));
}
