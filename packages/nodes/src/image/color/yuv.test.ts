import { describe, expect, it } from "vitest";
import { difference, imageFrom, noise, picture, readGolden, readPicture, runNode } from "../../testing/runNode.js";
import type { ImageValue } from "../../values.js";
import { imageRgbToYuv } from "./imageRgbToYuv.js";
import { imageYuvToRgb } from "./imageYuvToRgb.js";

describe("ImageRGBToYUV", () => {
  it("is what ComfyUI gives", async () => {
    const parts = (await runNode(imageRgbToYuv, { image: await readPicture("small20.png") })) as readonly ImageValue[];
    for (const [slot, name] of ["image.7", "image.8", "image.9"].entries())
      expect(difference(parts[slot]!.data, await readGolden("img-yuv", name))).toBeLessThan(1e-6);
  });

  it("refuses other channels", async () => {
    await expect(imageFrom(imageRgbToYuv, { image: picture([1, 1, 1, 1], 1, 1, 4) })).rejects.toMatchObject({
      code: "NODE_IMAGE_CHANNELS",
    });
  });
});

describe("ImageYUVToRGB", () => {
  it("gives the colours back", async () => {
    const image = picture(noise(2 * 3 * 3), 2, 3, 3);
    const [Y, U, V] = await runNode(imageRgbToYuv, { image });
    expect(difference((await imageFrom(imageYuvToRgb, { Y, U, V })).data, image.data)).toBeLessThan(2e-3);
  });

  it("takes the mean of channels, and limits the result", async () => {
    const U = picture([0.5], 1, 1);
    const rgb = await imageFrom(imageYuvToRgb, { Y: picture([0.2, 0.4, 0.6], 1, 1, 3), U, V: picture([1], 1, 1) });
    expect(difference(rgb.data, [1, 0.4 - 0.357, 0.4])).toBeLessThan(1e-6);
    await expect(imageFrom(imageYuvToRgb, { Y: U, U, V: picture([1, 1], 1, 2) })).rejects.toMatchObject({ code: "NODE_SIZES_DIFFER" });
  });
});
