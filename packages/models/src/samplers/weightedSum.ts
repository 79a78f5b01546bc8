/**
 * Σ coefficient · array, element by element: every sampler's step is one. Accumulated in double and rounded once to fp32, so it is at least as
 * exact as the chain of fp32 operations it stands for.
 */
export function weightedSum(...terms: readonly (readonly [coefficient: number, values: Float32Array])[]): Float32Array {
  const [[a, x] = missing(), second, third, fourth, ...more] = terms;
  const out = new Float32Array(x.length);
  if (!second) {
    for (let i = 0; i < out.length; i++) out[i] = a * x[i]!;
    return out;
  }
  const [b, y] = second;
  if (!third) {
    for (let i = 0; i < out.length; i++) out[i] = a * x[i]! + b * y[i]!;
    return out;
  }
  const [c, z] = third;
  if (!fourth) {
    for (let i = 0; i < out.length; i++) out[i] = a * x[i]! + b * y[i]! + c * z[i]!;
    return out;
  }
  for (let i = 0; i < out.length; i++) {
    let sum = a * x[i]! + b * y[i]! + c * z[i]! + fourth[0] * fourth[1][i]!;
    for (const [coefficient, values] of more) sum += coefficient * values[i]!;
    out[i] = sum;
  }
  return out;
}

function missing(): never {
  throw new RangeError("weightedSum needs at least one term");
}
