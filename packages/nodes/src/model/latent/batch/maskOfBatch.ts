import type { MaskValue } from "../../../values.js";

/** A mask for each item of a batch: a smaller batch of masks is used again from the first. */
export function maskOfBatch(mask: MaskValue, batch: number): MaskValue {
  return pickMasks(
    mask,
    Array.from({ length: batch }, (_, i) => i % mask.batch),
  );
}

/** Some masks of a batch, in the order of their places. */
export function pickMasks({ data, height, width }: MaskValue, places: readonly number[]): MaskValue {
  const plane = height * width;
  const picked = new Float32Array(places.length * plane);
  places.forEach((place, i) => picked.set(data.subarray(place * plane, (place + 1) * plane), i * plane));
  return { data: picked, batch: places.length, height, width };
}
