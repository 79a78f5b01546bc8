/**
 * The error function to double precision: its Maclaurin series below 2.5, the continued fraction of erfc above
 * (Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.5 and 7.1.14).
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude > 6) return Math.sign(x);
  if (magnitude < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = magnitude;
  for (let n = 60; n > 0; n--) fraction = magnitude + n / 2 / fraction;
  return Math.sign(x) * (1 - Math.exp(-magnitude * magnitude) / (fraction * Math.sqrt(Math.PI)));
}
