import { bilinear } from "./taps.js";
import { checkTarget, sizesOf, withSizes, type Planes, type PlaneSizes } from "./planes.js";

const { fround } = Math;
/** Directions closer than this (by their cosine) to equal or opposite have no stable arc between them. */
const NEAR = 1e-5;

/**
 * Resizes latents by spherical interpolation of each pixel's channel vector, its length interpolated linearly: first along the width, then
 * along the height. Equal directions keep the first vector; opposite ones are interpolated linearly.
 *
 * @param planes [N, C, H, W] or [N, H, W, C]
 * @throws MODEL_RESAMPLE
 */
export function resizeBislerp(planes: Planes, height: number, width: number): Planes {
  checkTarget(height, width);
  const sizes = sizesOf(planes);
  const wide = { ...sizes, width };
  const widened = slerpAxis(planes.data, sizes, wide, planes.channels);
  const tall = { ...wide, height };
  return withSizes(planes, slerpAxis(widened, wide, tall, planes.channels), tall);
}

/** One of height and width differs between `from` and `to`, or none. */
function slerpAxis(data: Float32Array, from: PlaneSizes, to: PlaneSizes, layout: Planes["channels"]): Float32Array {
  const rows = axis(from.height, to.height);
  const columns = axis(from.width, to.width);
  const alongWidth = from.height === to.height;
  const out = new Float32Array(to.batch * to.channels * to.height * to.width);
  const first = new Float32Array(to.channels);
  const second = new Float32Array(to.channels);
  const at = (sizes: PlaneSizes, n: number, y: number, x: number): number =>
    layout === "last"
      ? ((n * sizes.height + y) * sizes.width + x) * sizes.channels
      : (n * sizes.channels * sizes.height + y) * sizes.width + x;
  const stride = (sizes: PlaneSizes): number => (layout === "last" ? 1 : sizes.height * sizes.width);
  const read = (target: Float32Array, n: number, y: number, x: number): void => {
    const base = at(from, n, y, x);
    for (let c = 0; c < target.length; c++) target[c] = data[base + c * stride(from)]!;
  };
  for (let n = 0; n < to.batch; n++) {
    for (let y = 0; y < to.height; y++) {
      for (let x = 0; x < to.width; x++) {
        const [along, other] = alongWidth ? [columns, y] : [rows, x];
        const { low, high, ratio } = along[alongWidth ? x : y]!;
        read(first, n, alongWidth ? other : low, alongWidth ? low : other);
        read(second, n, alongWidth ? other : high, alongWidth ? high : other);
        const blended = slerp(first, second, ratio);
        const base = at(to, n, y, x);
        for (let c = 0; c < blended.length; c++) out[base + c * stride(to)] = blended[c]!;
      }
    }
  }
  return out;
}

/** The pair of input positions around each output position and the way between them; as bilinear resizing has it. */
function axis(from: number, to: number): { low: number; high: number; ratio: number }[] {
  const { positions, weights } = bilinear(from, to);
  return Array.from({ length: to }, (_, i) => ({ low: positions[2 * i]!, high: positions[2 * i + 1]!, ratio: weights[2 * i + 1]! }));
}

function slerp(a: Float32Array, b: Float32Array, ratio: number): Float32Array {
  const lengthA = norm(a);
  const lengthB = norm(b);
  const unitA = a.map((value) => (lengthA ? value / lengthA : 0));
  const unitB = b.map((value) => (lengthB ? value / lengthB : 0));
  const cosine = fround(unitA.reduce((sum, value, i) => sum + value * unitB[i]!, 0));
  if (cosine > 1 - NEAR) return a;
  if (cosine < NEAR - 1) return a.map((value, i) => value * (1 - ratio) + b[i]! * ratio);
  const angle = Math.acos(cosine);
  const length = lengthA * (1 - ratio) + lengthB * ratio;
  const shareA = (Math.sin((1 - ratio) * angle) / Math.sin(angle)) * length;
  const shareB = (Math.sin(ratio * angle) / Math.sin(angle)) * length;
  return unitA.map((value, i) => value * shareA + unitB[i]! * shareB);
}

function norm(vector: Float32Array): number {
  return fround(Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)));
}
