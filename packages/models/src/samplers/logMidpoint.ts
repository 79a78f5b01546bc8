const { exp, fround, log } = Math;

/** The sigma half-way between two in the logarithm, in torch's fp32 steps. */
export function logMidpoint(sigma: number, other: number): number {
  const end = fround(log(other));
  return fround(exp(fround(end - fround(fround(end - fround(log(sigma))) * 0.5))));
}
