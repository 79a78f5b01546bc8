import { checkTarget, sizesOf, withSizes, type Planes } from "./planes.js";
import { area, bicubic, bilinear, nearestExact, type Filter, type Taps } from "./taps.js";

/**
 * Resamples along the middle axis of [outer, from, inner] to [outer, to, inner]; fp32 in and out, each sum rounded once.
 * Source: two such passes are how ATen's upsampling kernels (BSD-3) work.
 */
function resampleAxis(data: Float32Array, outer: number, from: number, inner: number, { offsets, positions, weights }: Taps): Float32Array {
  const to = offsets.length - 1;
  const out = new Float32Array(outer * to * inner);
  const sums = new Float64Array(inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < to; i++) {
      sums.fill(0);
      for (let tap = offsets[i]!; tap < offsets[i + 1]!; tap++) {
        const base = (o * from + positions[tap]!) * inner;
        const weight = weights[tap]!;
        for (let k = 0; k < inner; k++) sums[k]! += weight * data[base + k]!;
      }
      out.set(sums, (o * to + i) * inner);
    }
  }
  return out;
}

function resizeWith(filter: Filter): (planes: Planes, height: number, width: number) => Planes {
  return (planes, height, width) => {
    checkTarget(height, width);
    const sizes = sizesOf(planes);
    const last = planes.channels === "last";
    const { batch, channels } = sizes;
    const rows = last ? batch * sizes.height : batch * channels * sizes.height;
    const widened = resampleAxis(planes.data, rows, sizes.width, last ? channels : 1, filter(sizes.width, width));
    const pictures = last ? batch : batch * channels;
    const data = resampleAxis(widened, pictures, sizes.height, last ? width * channels : width, filter(sizes.height, height));
    return withSizes(planes, data, { ...sizes, height, width });
  };
}

/** torch's `interpolate(mode="nearest-exact")` to height × width. @throws MODEL_RESAMPLE */
export const resizeNearestExact = resizeWith(nearestExact);
/** torch's `interpolate(mode="bilinear", align_corners=False)`, no antialiasing. @throws MODEL_RESAMPLE */
export const resizeBilinear = resizeWith(bilinear);
/** torch's `interpolate(mode="area")`. @throws MODEL_RESAMPLE */
export const resizeArea = resizeWith(area);
/** torch's `interpolate(mode="bicubic", align_corners=False)`, a = -0.75, no antialiasing. @throws MODEL_RESAMPLE */
export const resizeBicubic = resizeWith(bicubic);
