import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import type { MaskValue } from "../../values.js";
import { growMask } from "./vaeEncodeForInpaint.js";

/** A mask of zeros and ones from a picture whose white parts are one. */
async function readMask(name: string): Promise<MaskValue> {
  const { data, info } = await sharp(fileURLToPath(new URL(`../../testing/pictures/${name}.png`, import.meta.url)))
    .toColourspace("b-w")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data: Float32Array.from(data, (value) => (value > 127 ? 1 : 0)), batch: 1, height: info.height, width: info.width };
}

/** By the definition: a convolution with a square of ones, padded by ceil((size - 1) / 2), cut to the size it had. */
function grownByConvolution({ data, height, width }: MaskValue, size: number): Float32Array {
  const padding = Math.ceil((size - 1) / 2);
  return Float32Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    let sum = 0;
    for (let dy = 0; dy < size; dy++) {
      for (let dx = 0; dx < size; dx++) {
        const [row, column] = [y - padding + dy, x - padding + dx];
        if (row >= 0 && row < height && column >= 0 && column < width) sum += data[row * width + column]!;
      }
    }
    return Math.min(1, sum);
  });
}

describe("growMask", () => {
  it.each([0, 6])("grows a mask by %i as ComfyUI does", async (size) => {
    expect(growMask(await readMask("mask64"), size).data).toEqual((await readMask(`mask64-grown${size}`)).data);
  });

  it.each([1, 2, 3, 4, 7, 12, 64])("is the convolution with %i×%i ones", (size) => {
    const mask: MaskValue = { data: new Float32Array(13 * 17), batch: 1, height: 13, width: 17 };
    for (const at of [0, 40, 100, 150, 220]) mask.data[at] = 1;
    expect(growMask(mask, size).data).toEqual(grownByConvolution(mask, size));
  });
});
