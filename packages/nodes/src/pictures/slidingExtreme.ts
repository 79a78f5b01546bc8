import type { ImageValue } from "../values.js";

/** Which value of a window counts. */
export type Extreme = "max" | "min";

/** How far a window reaches to either side. */
export interface Reach {
  readonly before: number;
  readonly after: number;
}

/**
 * The largest or smallest value in a square window around each pixel; places outside the picture do not count. A window of any size costs the
 * same: each line keeps the places that may still win, in the order of their values.
 */
export function slidingExtreme(pictures: ImageValue, reach: Reach, extreme: Extreme): ImageValue {
  const { batch, height, width, channels } = pictures;
  const rows = alongAxis(pictures.data, [batch * height, width, channels], reach, extreme);
  return { ...pictures, data: alongAxis(rows, [batch, height, width * channels], reach, extreme) };
}

/** Along the middle axis of [outer, length, inner]. */
function alongAxis(
  data: Float32Array,
  [outer, length, inner]: readonly [number, number, number],
  { before, after }: Reach,
  extreme: Extreme,
): Float32Array {
  const out = new Float32Array(data.length);
  const places = new Int32Array(length);
  const isBeaten = extreme === "max" ? (old: number, fresh: number) => old <= fresh : (old: number, fresh: number) => old >= fresh;
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      const base = o * length * inner + k;
      let [head, tail, next] = [0, 0, 0];
      for (let i = 0; i < length; i++) {
        for (; next < length && next <= i + after; next++) {
          const fresh = data[base + next * inner]!;
          while (tail > head && isBeaten(data[base + places[tail - 1]! * inner]!, fresh)) tail--;
          places[tail++] = next;
        }
        while (places[head]! < i - before) head++;
        out[base + i * inner] = data[base + places[head]! * inner]!;
      }
    }
  }
  return out;
}
