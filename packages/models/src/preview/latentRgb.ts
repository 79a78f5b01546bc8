import type { LatentShape } from "../sampling/index.js";

/** A linear map from a latent's channels to a colour: each pixel of the latent becomes one of a small picture. */
export interface LatentRgb {
  /** By latent channel: what a unit of it, in the model's own scale, adds to red, green and blue in 0..1. */
  readonly factors: readonly (readonly number[])[];
  /** The colour of a latent of zeros. */
  readonly bias: readonly number[];
}

/** A small picture: 8-bit RGB, row-major [height, width, 3]. */
export interface SmallPicture {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** More pictures of a batch than these are left out: they would be too small to tell apart. */
const MAX_PICTURES = 16;

/**
 * The picture that a linear map makes of a latent, one pixel for each of its own; of a batch the first 16 stand side by side, in rows as
 * long as there are rows.
 * @param latent fp32 [N, C, H, W] in the model's own scale
 */
export function latentToPicture(latent: Float32Array, [batch, channels, height, width]: LatentShape, map: LatentRgb): SmallPicture {
  const count = Math.min(batch, MAX_PICTURES);
  const columns = Math.ceil(Math.sqrt(count));
  const rows = Math.ceil(count / columns);
  const data = new Uint8Array(rows * height * columns * width * 3);
  const plane = height * width;
  const colour = new Float64Array(3);
  for (let n = 0; n < count; n++) {
    const [top, left] = [Math.floor(n / columns) * height, (n % columns) * width];
    for (let pixel = 0; pixel < plane; pixel++) {
      colour.set(map.bias);
      for (let c = 0; c < channels; c++) {
        const value = latent[(n * channels + c) * plane + pixel]!;
        const factors = map.factors[c]!;
        for (let k = 0; k < 3; k++) colour[k]! += value * factors[k]!;
      }
      const at = ((top + Math.floor(pixel / width)) * columns * width + left + (pixel % width)) * 3;
      // What is no number becomes 0.
      for (let k = 0; k < 3; k++) data[at + k] = Math.min(255, Math.max(0, Math.round(colour[k]! * 255)));
    }
  }
  return { data, width: columns * width, height: rows * height };
}
