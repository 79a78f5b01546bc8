import type { ImageValue } from "../values.js";

/**
 * Blurs with a square Gaussian window of 2·radius + 1 pixels. `sigma` is in units of the radius: the window reaches from -1 to 1. Borders are
 * mirrored around their last pixel. As the window is a product of two, it is applied along the rows, then along the columns.
 */
export function gaussianBlur(pictures: ImageValue, radius: number, sigma: number): ImageValue {
  const { batch, height, width, channels } = pictures;
  const weights = gaussianWindow(radius, sigma);
  const rows = convolveAxis(pictures.data, [batch * height, width, channels], weights);
  return { ...pictures, data: Float32Array.from(convolveAxis(rows, [batch, height, width * channels], weights)) };
}

/** exp(-x² / 2σ²) at 2·radius + 1 places from -1 to 1, with the sum 1. */
function gaussianWindow(radius: number, sigma: number): number[] {
  const raw = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-((i / radius - 1) ** 2) / (2 * sigma * sigma)));
  const sum = raw.reduce((total, weight) => total + weight, 0);
  return raw.map((weight) => weight / sum);
}

/** Along the middle axis of [outer, length, inner]; in doubles, so that two passes round once. */
function convolveAxis(
  data: Float32Array | Float64Array,
  [outer, length, inner]: readonly [number, number, number],
  weights: readonly number[],
): Float64Array {
  const out = new Float64Array(data.length);
  const radius = (weights.length - 1) / 2;
  const size = length * inner;
  // With its mirrored ends beside it, a line is summed up in long runs.
  const padded = new Float64Array((length + 2 * radius) * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = -radius; i < length + radius; i++) {
      const from = o * size + mirror(i, length) * inner;
      padded.set(data.subarray(from, from + inner), (i + radius) * inner);
    }
    const sums = out.subarray(o * size, (o + 1) * size);
    for (let tap = 0; tap < weights.length; tap++) {
      const weight = weights[tap]!;
      const shift = tap * inner;
      for (let k = 0; k < size; k++) sums[k]! += weight * padded[shift + k]!;
    }
  }
  return out;
}

/** A place mirrored into 0 … length - 1 without repeating the last one, as often as it takes. */
function mirror(place: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const within = ((place % period) + period) % period;
  return within < length ? within : period - within;
}
