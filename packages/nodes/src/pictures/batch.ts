import { allocate } from "../allocate.js";
import type { ImageValue } from "../values.js";

/** As many pictures as wanted: the first ones, or all again from the first. @throws NODE_TOO_LARGE */
export function repeatToBatch(pictures: ImageValue, batch: number, memoryLimit: number | undefined): ImageValue {
  if (pictures.batch === batch) return pictures;
  const { height, width, channels } = pictures;
  const size = height * width * channels;
  const data = allocate("pictures", [batch, height, width, channels], memoryLimit);
  for (let n = 0; n < batch; n++) {
    const from = (n % pictures.batch) * size;
    data.set(pictures.data.subarray(from, from + size), n * size);
  }
  return { ...pictures, data, batch };
}

/** One batch after the other; both have the same sizes. @throws NODE_TOO_LARGE */
export function joinBatches(first: ImageValue, second: ImageValue, memoryLimit: number | undefined): ImageValue {
  const { height, width, channels } = first;
  const batch = first.batch + second.batch;
  const data = allocate("pictures", [batch, height, width, channels], memoryLimit);
  data.set(first.data);
  data.set(second.data, first.data.length);
  return { ...first, data, batch };
}

/** Where a run of pictures in a batch lies. A negative index counts from the end; what reaches out is left away. */
export function runOfBatch(batch: number, index: number, length: number): { readonly first: number; readonly count: number } {
  const first = Math.min(batch - 1, index < 0 ? Math.max(0, batch + index) : index);
  return { first, count: Math.min(length, batch - first) };
}
