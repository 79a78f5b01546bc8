import type { ImageValue, MaskValue } from "../values.js";

const { fround } = Math;

/** Where and how pictures are laid over others. */
export interface Placement {
  readonly left: number;
  readonly top: number;
  /** 1 where the upper pictures show, of their size; everywhere without it. Fewer masks than pictures are used again from the first. */
  readonly mask?: MaskValue | undefined;
  /** Pictures that follow each other under one mask, as the planes of a latent do. */
  readonly picturesPerMask?: number;
}

/**
 * Lays `upper` over `lower`: upper·m + lower·(1 − m) in fp32. What reaches over the right or lower border is left away.
 * Both have one number of pictures and channels.
 */
export function placeOver(lower: ImageValue, upper: ImageValue, { left, top, mask, picturesPerMask = 1 }: Placement): ImageValue {
  const { batch, channels } = lower;
  const width = Math.min(upper.width, lower.width - left);
  const height = Math.min(upper.height, lower.height - top);
  const data = lower.data.slice();
  for (let n = 0; n < batch; n++) {
    const maskFrom = mask && (Math.floor(n / picturesPerMask) % mask.batch) * mask.height * mask.width;
    for (let y = 0; y < height; y++) {
      const from = (n * upper.height + y) * upper.width;
      const to = (n * lower.height + top + y) * lower.width + left;
      if (!mask || maskFrom === undefined) {
        if (width > 0) data.set(upper.data.subarray(from * channels, (from + width) * channels), to * channels);
        continue;
      }
      for (let x = 0; x < width; x++) {
        const share = mask.data[maskFrom + y * mask.width + x]!;
        const rest = fround(1 - share);
        for (let c = 0; c < channels; c++) {
          const at = (to + x) * channels + c;
          data[at] = fround(share * upper.data[(from + x) * channels + c]!) + fround(rest * data[at]!);
        }
      }
    }
  }
  return { ...lower, data };
}
