import { describe, expect, it } from "vitest";
import { difference, imageFrom, noise, picture, readGolden, readPicture } from "../../testing/runNode.js";
import { imageAddNoise } from "./imageAddNoise.js";
import { imageBlend } from "./imageBlend.js";
import { imageBlur } from "./imageBlur.js";
import { imageQuantize } from "./imageQuantize.js";
import { imageSharpen } from "./imageSharpen.js";
import { medianCut } from "./medianCut.js";
import { morphology } from "./morphology.js";

describe("ImageAddNoise", () => {
  it("is what ComfyUI gives", async () => {
    const noisy = await imageFrom(imageAddNoise, { image: await readPicture("small20.png"), seed: 5, strength: 0.3 });
    expect(difference(noisy.data, await readGolden("img-addnoise", "image.3"))).toBeLessThan(1e-6);
  });
});

describe("ImageQuantize", () => {
  it.each([
    ["none", "image.9"],
    ["floyd-steinberg", "image.10"],
    ["bayer-2", "image.11"],
    ["bayer-4", "image.12"],
  ])("with dither %s is what ComfyUI gives", async (dither, name) => {
    const painted = await imageFrom(imageQuantize, { image: await readPicture("small20.png"), colors: 8, dither });
    expect(painted.data).toEqual(await readGolden("img-quantize", name));
  });

  it("keeps pictures that have no more colours, and drops alpha", async () => {
    const bytes = [0, 0, 0, 255, 255, 255, 12, 200, 96].map((byte) => byte / 255);
    const image = picture([...bytes.slice(0, 3), 0.5, ...bytes.slice(3, 6), 0, ...bytes.slice(6), 1], 1, 3, 4);
    expect(await imageFrom(imageQuantize, { image, colors: 3, dither: "none" })).toEqual(picture(bytes, 1, 3, 3));
    const one = await imageFrom(imageQuantize, { image, colors: 1, dither: "floyd-steinberg" });
    expect(new Set(one.data).size).toBeLessThanOrEqual(3);
    await expect(imageFrom(imageQuantize, { image: picture([1], 1, 1), colors: 3, dither: "none" })).rejects.toMatchObject({
      code: "NODE_IMAGE_CHANNELS",
    });
  });

  it("counts more than 65536 colours by their upper bits", () => {
    const pixels = Uint8Array.from({ length: 3 * 70_000 }, (_, i) => ((i % 3) + 1) * Math.floor(i / 3) * 0.37);
    const wide = Uint8Array.from({ length: 3 * 70_000 }, (_, i) => (Math.floor(i / 3) >> ((i % 3) * 6)) & 255);
    for (const each of [pixels, wide]) expect(medianCut(each, 16)).toHaveLength(16);
  });
});

describe("ImageBlend", () => {
  const [a, b] = [0.2, 0.7];
  it.each([
    ["normal", 0.7],
    ["multiply", 0.14],
    ["screen", 0.76],
    ["overlay", 0.28],
    ["soft_light", 0.2 + 0.4 * (((16 * 0.2 - 12) * 0.2 + 4) * 0.2 - 0.2)],
    ["difference", -0.5],
  ])("%s", async (blend_mode, blended) => {
    const result = await imageFrom(imageBlend, {
      image1: picture([a], 1, 1),
      image2: picture([b], 1, 1),
      blend_factor: 0.25,
      blend_mode,
    });
    expect(result.data[0]).toBeCloseTo(Math.max(0, a * 0.75 + blended * 0.25), 6);
  });

  it("limits the result, and uses the smaller batch again", async () => {
    const image1 = picture([0.2, 0.9], 1, 1);
    const image2 = picture([1], 1, 1);
    const inputs = { image1, image2, blend_factor: 1, blend_mode: "difference" };
    expect([...(await imageFrom(imageBlend, inputs)).data]).toEqual([0, 0]);
    const mixed = await imageFrom(imageBlend, { ...inputs, image1: image2, image2: image1, blend_mode: "normal" });
    expect([...mixed.data]).toEqual([...image1.data]);
  });

  it("gives the second picture the first one's size and channels", async () => {
    const image1 = picture(noise(4 * 6 * 3), 4, 6, 3);
    const image2 = picture(
      Array.from({ length: 5 * 9 * 4 }, () => 0.5),
      5,
      9,
      4,
    );
    const blended = await imageFrom(imageBlend, { image1, image2, blend_factor: 1, blend_mode: "normal" });
    expect(blended).toMatchObject({ batch: 1, height: 4, width: 6, channels: 3 });
    expect(
      difference(
        blended.data,
        image1.data.map(() => 0.5),
      ),
    ).toBeLessThan(1e-6);
  });
});

describe("ImageBlur and ImageSharpen", () => {
  it("sharpening adds ten times alpha of what blurring takes away", async () => {
    const image = picture(
      noise(5 * 5 * 3).map((value) => 0.4 + value / 5),
      5,
      5,
      3,
    );
    const blurred = await imageFrom(imageBlur, { image, blur_radius: 2, sigma: 0.8 });
    const sharp = await imageFrom(imageSharpen, { image, sharpen_radius: 2, sigma: 0.8, alpha: 0.1 });
    const expected = image.data.map((value, i) => 2 * value - blurred.data[i]!);
    expect(difference(sharp.data, expected)).toBeLessThan(1e-6);
    const same = await imageFrom(imageSharpen, { image, sharpen_radius: 2, sigma: 0.8, alpha: 0 });
    expect(difference(same.data, image.data)).toBe(0);
  });
});

describe("Morphology", () => {
  const row = picture([0, 0, 1, 0, 0, 0.5, 1], 1, 7);
  it.each([
    ["dilate", 3, [0, 1, 1, 1, 0.5, 1, 1]],
    ["erode", 3, [0, 0, 0, 0, 0, 0, 0.5]],
    ["open", 3, [0, 0, 0, 0, 0, 0.5, 0.5]],
    ["close", 3, [0, 0, 1, 0.5, 0.5, 0.5, 1]],
    ["gradient", 3, [0, 1, 1, 1, 0.5, 1, 0.5]],
    ["top_hat", 3, [0, 0, 1, 0, 0, 0, 0.5]],
    ["bottom_hat", 3, [0, 0, 0, 0.5, 0.5, 0, 0]],
    // Two before, one after.
    ["dilate", 4, [0, 1, 1, 1, 1, 1, 1]],
  ])("%s by %i", async (operation, kernel_size, expected) => {
    expect([...(await imageFrom(morphology, { image: row, operation, kernel_size })).data]).toEqual(expected);
  });
});
