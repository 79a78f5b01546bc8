import { describe, expect, it } from "vitest";
import { difference, imageFrom, noise, picture, runNode } from "../../testing/runNode.js";
import type { ImageValue, MaskValue } from "../../values.js";
import { imageScaleToMaxDimension } from "../upscaling/imageScaleToMaxDimension.js";
import { imageScaleToTotalPixels } from "../upscaling/imageScaleToTotalPixels.js";
import { imageCrop } from "./imageCrop.js";
import { imageFlip } from "./imageFlip.js";
import { imagePadForOutpaint } from "./imagePadForOutpaint.js";
import { imageRotate } from "./imageRotate.js";
import { imageStitch } from "./imageStitch.js";
import { resizeAndPadImage } from "./resizeAndPadImage.js";

const six = picture([1, 2, 3, 4, 5, 6], 2, 3);
const values = ({ data }: { data: Float32Array }): number[] => [...data];

describe("ImageCrop, ImageFlip and ImageRotate", () => {
  it("cut, keeping one pixel at least, mirror and turn", async () => {
    expect(await imageFrom(imageCrop, { image: six, width: 2, height: 9, x: 1, y: 1 })).toEqual(picture([5, 6], 1, 2));
    expect(await imageFrom(imageCrop, { image: six, width: 2, height: 2, x: 99, y: 99 })).toEqual(picture([6], 1, 1));
    expect(values(await imageFrom(imageFlip, { image: six, flip_method: "y-axis: horizontally" }))).toEqual([3, 2, 1, 6, 5, 4]);
    expect(values(await imageFrom(imageRotate, { image: six, rotation: "90 degrees" }))).toEqual([4, 1, 5, 2, 6, 3]);
  });
});

describe("ImagePadForOutpaint", () => {
  const pad = async (image: ImageValue, sides: readonly number[], feathering: number): Promise<[ImageValue, MaskValue]> => {
    const [left, top, right, bottom] = sides;
    return (await runNode(imagePadForOutpaint, { image, left, top, right, bottom, feathering })) as [ImageValue, MaskValue];
  };

  it("surrounds with grey, and masks it", async () => {
    const [image, mask] = await pad(six, [1, 0, 0, 1], 0);
    expect(image).toEqual(picture([0.5, 1, 2, 3, 0.5, 4, 5, 6, 0.5, 0.5, 0.5, 0.5], 3, 4));
    expect(values(mask)).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]);
  });

  it("fades into the picture from sides that grow, by the square of the distance", async () => {
    const row = picture(noise(25), 5, 5);
    const [, left] = await pad(row, [1, 0, 0, 0], 2);
    expect(values(left).slice(0, 6)).toEqual([1, 1, 0.25, 0, 0, 0]);
    const [, right] = await pad(row, [0, 0, 1, 0], 2);
    // The last column is at a distance of one.
    expect(values(right).slice(0, 6)).toEqual([0, 0, 0, 0, 0.25, 1]);
    const [, corner] = await pad(row, [1, 1, 0, 0], 2);
    expect(values(corner).slice(6, 18)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0.25, 0.25, 0.25, 0.25]);
  });

  it("doesn't fade into pictures that are too small for it", async () => {
    const [, mask] = await pad(six, [1, 0, 0, 0], 1);
    expect(values(mask)).toEqual([1, 0, 0, 0, 1, 0, 0, 0]);
  });
});

describe("ImageStitch", () => {
  const stitch = async (more: Record<string, unknown>): Promise<ImageValue> =>
    imageFrom(imageStitch, {
      image1: picture([0.1, 0.2], 2, 1),
      image2: picture([0.9], 1, 1),
      direction: "right",
      match_image_size: false,
      spacing_width: 0,
      spacing_color: "white",
      ...more,
    });

  it("leaves one picture alone", async () => {
    expect(await stitch({ image2: undefined })).toEqual(picture([0.1, 0.2], 2, 1));
  });

  it.each([
    ["right", [0.1, 0.9, 0.2, 1], 2, 2],
    ["left", [0.9, 0.1, 1, 0.2], 2, 2],
    ["down", [0.1, 0.2, 0.9], 3, 1],
    ["up", [0.9, 0.1, 0.2], 3, 1],
  ])("puts the other %s of it", async (direction, expected, height, width) => {
    expect(await stitch({ direction })).toEqual(picture(expected, height, width));
  });

  it("makes an even band of the colour, opaque", async () => {
    const red = await stitch({ image1: picture([0.5, 0.5, 0.5, 0.5], 1, 1, 4), spacing_width: 1, spacing_color: "red" });
    expect(red.width).toBe(4);
    expect(difference(red.data.subarray(4), [1, 0, 0, 1, 1, 0, 0, 1, 0.9, 0.9, 0.9, 1])).toBeLessThan(1e-6);
  });

  it("gives the second picture the touching side of the first, and repeats the last of the smaller batch", async () => {
    const stitched = await stitch({
      image1: picture(noise(3 * 4 * 2), 4, 2),
      image2: picture(noise(2 * 3), 2, 3),
      match_image_size: true,
    });
    expect(stitched).toMatchObject({ batch: 3, height: 4, width: 2 + 6 });
    const at = (n: number): Float32Array => stitched.data.slice(n * 32 + 2, n * 32 + 8);
    expect(at(2)).toEqual(at(0));
  });
});

describe("ResizeAndPadImage", () => {
  it("fits the picture into the middle of white or black", async () => {
    const image = picture([0.25, 0.25], 1, 2);
    const inputs = { image, target_width: 4, target_height: 5, padding_color: "white", interpolation: "nearest-exact" };
    const padded = values(await imageFrom(resizeAndPadImage, inputs));
    const [white, grey] = [
      [1, 1, 1, 1],
      [0.25, 0.25, 0.25, 0.25],
    ];
    expect(padded).toEqual([white, grey, grey, white, white].flat());
    const black = await imageFrom(resizeAndPadImage, { ...inputs, target_height: 1, padding_color: "black" });
    expect(values(black)).toEqual([0, 0.25, 0.25, 0]);
  });
});

describe("scaling by the whole size", () => {
  const image = picture(noise(20 * 30), 20, 30);
  const sizeOf = ({ height, width }: ImageValue): [number, number] => [height, width];

  it("ImageScaleToMaxDimension keeps proportions", async () => {
    const inputs = { upscale_method: "area", largest_size: 15 };
    expect(sizeOf(await imageFrom(imageScaleToMaxDimension, { image, ...inputs }))).toEqual([10, 15]);
    const tall = { ...image, height: 30, width: 20 };
    expect(sizeOf(await imageFrom(imageScaleToMaxDimension, { image: tall, ...inputs }))).toEqual([15, 10]);
    const none = imageFrom(imageScaleToMaxDimension, { image, ...inputs, largest_size: 0 });
    await expect(none).rejects.toMatchObject({ code: "MODEL_RESAMPLE" });
  });

  it("ImageScaleToTotalPixels counts 1024² and keeps to its steps", async () => {
    const inputs = { image, upscale_method: "nearest-exact", megapixels: 0.01 };
    const scale = Math.sqrt((0.01 * 1024 * 1024) / 600);
    const exact = await imageFrom(imageScaleToTotalPixels, { ...inputs, resolution_steps: 1 });
    expect(sizeOf(exact)).toEqual([Math.round(20 * scale), Math.round(30 * scale)]);
    expect(sizeOf(await imageFrom(imageScaleToTotalPixels, { ...inputs, resolution_steps: 64 }))).toEqual([64, 128]);
  });
});
