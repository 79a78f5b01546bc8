/** `torch.linspace` in float64, at least two values: from both ends towards the middle, so that the last value is exactly `end`. */
export function linspace64(start: number, end: number, count: number): Float64Array {
  const step = (end - start) / (count - 1);
  return Float64Array.from({ length: count }, (_, i) => (i < Math.floor(count / 2) ? start + step * i : end - step * (count - 1 - i)));
}

/** `torch.linspace` in fp32, bit by bit as its CPU kernels: an fp32 step, then one fused multiply-add for each value. One value is `start`. */
export function linspace(start: number, end: number, count: number): Float32Array {
  const { fround } = Math;
  const first = fround(start);
  const last = fround(end);
  const step = fround(fround(last - first) / (count - 1));
  return Float32Array.from({ length: count }, (_, i) => {
    if (i === 0) return first;
    return i < Math.floor(count / 2) ? first + step * i : last - step * (count - 1 - i);
  });
}
