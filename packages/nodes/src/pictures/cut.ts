import type { ImageValue } from "../values.js";

/** What the pictures hold of a rectangle; its corner must lie inside, what reaches out is left away. */
export function cut(pictures: ImageValue, x: number, y: number, width: number, height: number): ImageValue {
  const { batch, channels } = pictures;
  const wide = Math.min(width, pictures.width - x);
  const high = Math.min(height, pictures.height - y);
  const data = new Float32Array(batch * high * wide * channels);
  const row = wide * channels;
  for (let n = 0; n < batch; n++) {
    for (let i = 0; i < high; i++) {
      const from = ((n * pictures.height + y + i) * pictures.width + x) * channels;
      data.set(pictures.data.subarray(from, from + row), (n * high + i) * row);
    }
  }
  return { data, batch, height: high, width: wide, channels };
}
