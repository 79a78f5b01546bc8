const { fround } = Math;

/** For each output position along one axis: the input positions it is made of, and their weights. */
export interface Taps {
  /** taps of output i: entries offsets[i] … offsets[i + 1] - 1 */
  readonly offsets: Int32Array;
  readonly positions: Int32Array;
  readonly weights: Float32Array;
}

/** How an axis is resampled from one length to another. */
export type Filter = (from: number, to: number) => Taps;

type Tap = readonly [position: number, weight: number];

function gather(to: number, tapsOf: (output: number) => readonly Tap[]): Taps {
  const offsets = new Int32Array(to + 1);
  const taps: Tap[] = [];
  for (let i = 0; i < to; i++) {
    taps.push(...tapsOf(i));
    offsets[i + 1] = taps.length;
  }
  return { offsets, positions: Int32Array.from(taps, ([position]) => position), weights: Float32Array.from(taps, ([, weight]) => weight) };
}

/** Where the centre of output pixel i lies among input pixel centres, in torch's fp32 steps. */
function source(i: number, from: number, to: number): number {
  return fround(fround(from / to) * (i + 0.5) - 0.5);
}

/** `torch.nn.functional.interpolate(mode="nearest-exact")`: the input pixel under the output pixel's centre. */
export const nearestExact: Filter = (from, to) =>
  gather(to, (i) => [[Math.min(Math.floor(fround((i + 0.5) * fround(from / to))), from - 1), 1]]);

/** `interpolate(mode="bilinear", align_corners=False)`, without antialiasing. */
export const bilinear: Filter = (from, to) =>
  gather(to, (i) => {
    const at = Math.max(source(i, from, to), 0);
    const low = Math.min(Math.floor(at), from - 1);
    const weight = Math.min(Math.max(fround(at - low), 0), 1);
    return [
      [low, fround(1 - weight)],
      [Math.min(low + 1, from - 1), weight],
    ];
  });

/** `interpolate(mode="area")`: the mean of the input pixels that touch the output pixel (adaptive average pooling). */
export const area: Filter = (from, to) =>
  gather(to, (i) => {
    const start = Math.floor((i * from) / to);
    const length = Math.ceil(((i + 1) * from) / to) - start;
    return Array.from({ length }, (_, k): Tap => [start + k, 1 / length]);
  });

const BICUBIC_A = -0.75;

/** `interpolate(mode="bicubic", align_corners=False)`, without antialiasing: Keys' cubic convolution with a = -0.75, edges repeated. */
export const bicubic: Filter = (from, to) =>
  gather(to, (i) => {
    const at = source(i, from, to);
    const low = Math.floor(at);
    const t = fround(at - low);
    const weights = [outerCubic(t + 1), innerCubic(t), innerCubic(1 - t), outerCubic(2 - t)];
    return weights.map((weight, k): Tap => [Math.min(Math.max(low - 1 + k, 0), from - 1), weight]);
  });

function innerCubic(x: number): number {
  return ((BICUBIC_A + 2) * x - (BICUBIC_A + 3)) * x * x + 1;
}

function outerCubic(x: number): number {
  return ((BICUBIC_A * x - 5 * BICUBIC_A) * x + 8 * BICUBIC_A) * x - 4 * BICUBIC_A;
}
