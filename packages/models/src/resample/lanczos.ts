import { EngineError } from "@patchbay/engine";
import { checkTarget, sizesOf, withSizes, type Planes, type PlaneSizes } from "./planes.js";

const SUPPORT = 3;
/** Bits behind the point of Pillow's fixed-point weights for 8-bit pictures. */
const PRECISION = 22;

interface Window {
  readonly start: number;
  readonly weights: Int32Array;
}

/**
 * Resizes as Pillow 13 does 8-bit pictures with `Image.LANCZOS`: values are cut to 8 bits (clipped to 0…1, times 255, truncated), filtered along
 * one axis, rounded to 8 bits, then along the other, and divided by 255. With 4 channels the last is alpha, and colours are weighted by it.
 *
 * Source: Pillow's `Resample.c` (MIT-CMU), bit by bit.
 *
 * @param planes 1, 3 or 4 channels
 * @throws MODEL_RESAMPLE
 */
export function resizeLanczos(planes: Planes, height: number, width: number): Planes {
  checkTarget(height, width);
  const sizes = sizesOf(planes);
  if (![1, 3, 4].includes(sizes.channels))
    throw new EngineError(
      "MODEL_RESAMPLE",
      `Cannot resize ${sizes.channels} channels with lanczos, which works on 8-bit pictures: 1, 3 or 4 channels are right.`,
    );
  const pixels = toBytes(planes, sizes);
  if (height === sizes.height && width === sizes.width) return fromBytes(planes, pixels, sizes);
  const alpha = sizes.channels === 4;
  if (alpha) premultiply(pixels);
  const tall = { ...sizes, height, width };
  const result = filterBoth(pixels, sizes, tall);
  if (alpha) unpremultiply(result);
  return fromBytes(planes, result, tall);
}

/** Both passes with 8-bit rounding between them; an axis that keeps its length has none. */
function filterBoth(pixels: Uint8Array, from: PlaneSizes, to: PlaneSizes): Uint8Array {
  const alongRows = (input: Uint8Array, sizes: PlaneSizes): Uint8Array =>
    from.width === to.width ? input : filterRows(input, sizes, windows(from.width, to.width));
  const alongColumns = (input: Uint8Array, sizes: PlaneSizes): Uint8Array =>
    from.height === to.height ? input : filterColumns(input, sizes, windows(from.height, to.height));
  // Pillow 13 starts with the columns where that saves work; up to 12 the rows were always first.
  const shrink = from.height - to.height;
  const columnsFirst = shrink > 0 && shrink > 2 * (from.width - to.width);
  return columnsFirst
    ? alongRows(alongColumns(pixels, from), { ...from, height: to.height })
    : alongColumns(alongRows(pixels, from), { ...from, width: to.width });
}

/** Weights of each output position: the Lanczos kernel stretched to the scale when shrinking, normalised, in fixed point. */
function windows(from: number, to: number): Window[] {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const support = SUPPORT * stretch;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const start = Math.max(Math.trunc(centre - support + 0.5), 0);
    const end = Math.min(Math.trunc(centre + support + 0.5), from);
    const raw = Array.from({ length: end - start }, (__, k) => kernel((k + start - centre + 0.5) * (1 / stretch)));
    const sum = raw.reduce((total, weight) => total + weight, 0);
    return { start, weights: Int32Array.from(raw, (weight) => fixedPoint(sum === 0 ? weight : weight * (1 / sum))) };
  });
}

function kernel(x: number): number {
  return x >= -SUPPORT && x < SUPPORT ? sinc(x) * sinc(x / SUPPORT) : 0;
}

function sinc(x: number): number {
  const angle = x * Math.PI;
  return angle === 0 ? 1 : Math.sin(angle) / angle;
}

function fixedPoint(weight: number): number {
  return Math.trunc((weight < 0 ? -0.5 : 0.5) + weight * 2 ** PRECISION);
}

/** pixels [N, H, W, C] along W */
function filterRows(pixels: Uint8Array, { batch, height, width, channels }: PlaneSizes, filter: readonly Window[]): Uint8Array {
  const out = new Uint8Array(batch * height * filter.length * channels);
  let target = 0;
  for (let row = 0; row < batch * height; row++)
    for (const { start, weights } of filter)
      for (let c = 0; c < channels; c++) out[target++] = weigh(pixels, (row * width + start) * channels + c, channels, weights);
  return out;
}

/** pixels [N, H, W, C] along H */
function filterColumns(pixels: Uint8Array, { batch, height, width, channels }: PlaneSizes, filter: readonly Window[]): Uint8Array {
  const rowLength = width * channels;
  const out = new Uint8Array(batch * filter.length * rowLength);
  let target = 0;
  for (let n = 0; n < batch; n++)
    for (const { start, weights } of filter)
      for (let k = 0; k < rowLength; k++) out[target++] = weigh(pixels, (n * height + start) * rowLength + k, rowLength, weights);
  return out;
}

/** A weighted sum in 32-bit fixed point, clipped to a byte; it stays below 2^31, as weights sum to 2^22 and their lobes are small. */
function weigh(pixels: Uint8Array, first: number, stride: number, weights: Int32Array): number {
  let sum = 1 << (PRECISION - 1);
  for (let k = 0, at = first; k < weights.length; k++, at += stride) sum = (sum + Math.imul(pixels[at]!, weights[k]!)) | 0;
  const value = sum >> PRECISION;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** To [N, H, W, C], truncating. */
function toBytes({ data, channels: layout }: Planes, { batch, channels, height, width }: PlaneSizes): Uint8Array {
  const byte = (value: number): number => Math.min(Math.max(Math.fround(255 * value), 0), 255);
  const pixels = new Uint8Array(data.length);
  if (layout === "last") {
    for (let i = 0; i < data.length; i++) pixels[i] = byte(data[i]!);
    return pixels;
  }
  const plane = height * width;
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < plane; i++) pixels[(n * plane + i) * channels + c] = byte(data[(n * channels + c) * plane + i]!);
  return pixels;
}

function fromBytes(planes: Planes, pixels: Uint8Array, sizes: PlaneSizes): Planes {
  if (planes.channels === "last")
    return withSizes(
      planes,
      Float32Array.from(pixels, (byte) => byte / 255),
      sizes,
    );
  const { batch, channels, height, width } = sizes;
  const plane = height * width;
  const data = new Float32Array(pixels.length);
  for (let n = 0; n < batch; n++)
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < plane; i++) data[(n * channels + c) * plane + i] = pixels[(n * plane + i) * channels + c]! / 255;
  return withSizes(planes, data, sizes);
}

/** RGBA to RGBa in place: colour · alpha / 255, rounded. */
function premultiply(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!;
    for (let c = i; c < i + 3; c++) {
      const product = pixels[c]! * alpha + 128;
      pixels[c] = ((product >> 8) + product) >> 8;
    }
  }
}

/** RGBa to RGBA in place; without alpha, or with full alpha, colours stay. */
function unpremultiply(pixels: Uint8Array): void {
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3]!;
    if (alpha === 255 || alpha === 0) continue;
    for (let c = i; c < i + 3; c++) pixels[c] = Math.min(Math.trunc((255 * pixels[c]!) / alpha), 255);
  }
}
