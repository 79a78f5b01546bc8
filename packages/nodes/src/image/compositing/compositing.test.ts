import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { maskToImage } from "../mask/maskToImage.js";
import { loadImageMask } from "../loadImageMask.js";
import { difference, imageFrom, maskOf, picture, readGolden, readPicture, runNode } from "../../testing/runNode.js";
import { testContext } from "../../testing/testContext.js";
import type { ImageValue, MaskValue } from "../../values.js";
import { imageCompositeMasked } from "./imageCompositeMasked.js";
import { joinImageWithAlpha } from "./joinImageWithAlpha.js";
import { porterDuffOperators } from "./porterDuff.js";
import { porterDuffImageComposite } from "./porterDuffImageComposite.js";
import { splitImageWithAlpha } from "./splitImageWithAlpha.js";

describe("JoinImageWithAlpha and SplitImageWithAlpha", () => {
  it("are what ComfyUI gives", async () => {
    const context = testContext();
    copyFileSync(new URL("../../testing/pictures/rgba20.png", import.meta.url), join(context.inputDir, "rgba20.png"));
    const [alpha] = await loadImageMask.run({ image: "rgba20.png", channel: "red" }, context);
    const joined = await imageFrom(joinImageWithAlpha, { image: await readPicture("small20.png"), alpha });
    expect(difference(joined.data, await readGolden("img-alpha", "image.11"))).toBeLessThan(1e-6);
    const [image, mask] = (await runNode(splitImageWithAlpha, { image: joined })) as [ImageValue, MaskValue];
    expect(difference(image.data, await readGolden("img-alpha", "image.9"))).toBeLessThan(1e-6);
    const shown = await imageFrom(maskToImage, { mask });
    expect(difference(shown.data, await readGolden("img-alpha", "image.10"))).toBeLessThan(1e-6);
  });

  it("use the smaller batch again, and take pictures without alpha for opaque", async () => {
    const image = picture([0.1, 0.2, 0.3], 1, 1, 3);
    const joined = await imageFrom(joinImageWithAlpha, { image, alpha: maskOf([0, 0.75], 1, 1) });
    expect(joined).toEqual(picture([0.1, 0.2, 0.3, 1, 0.1, 0.2, 0.3, 0.25], 1, 1, 4));
    const [same, mask] = (await runNode(splitImageWithAlpha, { image })) as [ImageValue, MaskValue];
    expect([same, [...mask.data]]).toEqual([image, [0]]);
    await expect(runNode(splitImageWithAlpha, { image: picture([1], 1, 1) })).rejects.toMatchObject({ code: "NODE_IMAGE_CHANNELS" });
  });
});

describe("ImageCompositeMasked", () => {
  const destination = picture([0, 0, 0, 0, 0, 0], 2, 3);
  const source = picture([0.5, 1], 1, 2);
  const composite = async (more: Record<string, unknown>): Promise<number[]> => [
    ...(await imageFrom(imageCompositeMasked, { destination, source, x: 1, y: 1, resize_source: false, ...more })).data,
  ];

  it("lays the source at its place, by the mask where there is one", async () => {
    expect(await composite({})).toEqual([0, 0, 0, 0, 0.5, 1]);
    expect(await composite({ x: 2 })).toEqual([0, 0, 0, 0, 0, 0.5]);
    expect(await composite({ x: 16384, y: 16384 })).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await composite({ mask: maskOf([1, 0.25], 1, 2) })).toEqual([0, 0, 0, 0, 0.5, 0.25]);
    // The mask is resized to the source.
    expect(await composite({ mask: maskOf([0.5], 1, 1) })).toEqual([0, 0, 0, 0, 0.25, 0.5]);
  });

  it("resizes the source, and gives it the destination's channels and batch", async () => {
    expect(await composite({ x: 0, y: 0, resize_source: true, source: picture([0.5], 1, 1) })).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    const two = picture([0, 0, 0, 0, 0, 0, 0, 0], 1, 1, 4);
    const rgb = picture([0.25, 0.5, 0.75], 1, 1, 3);
    expect(await composite({ destination: two, source: rgb, x: 0, y: 0 })).toEqual([0.25, 0.5, 0.75, 1, 0.25, 0.5, 0.75, 1]);
  });
});

describe("PorterDuffImageComposite", () => {
  const [s, d, a, b] = [0.6, 0.3, 0.5, 0.8];
  const compose = async (mode: string, transparency = 1 - b): Promise<[number, number]> => {
    const [image, mask] = (await runNode(porterDuffImageComposite, {
      source: picture([s], 1, 1),
      source_alpha: maskOf([1 - a], 1, 1),
      destination: picture([d], 1, 1),
      destination_alpha: maskOf([transparency], 1, 1),
      mode,
    })) as [ImageValue, MaskValue];
    return [image.data[0]!, 1 - mask.data[0]!];
  };
  const union = a + b - a * b;
  /** The colour, multiplied by alpha, and the alpha. */
  it.each<[keyof typeof porterDuffOperators, number, number]>([
    ["ADD", s * a + d * b, 1],
    ["CLEAR", 0, 0],
    ["DARKEN", 0.2 * 0.3 + 0.5 * 0.24 + 0.24, union],
    ["DST", d * b, b],
    ["DST_ATOP", a * d * b + (1 - b) * s * a, a],
    ["DST_IN", d * b * a, a * b],
    ["DST_OUT", (1 - a) * d * b, (1 - a) * b],
    ["DST_OVER", d * b + (1 - b) * s * a, union],
    ["LIGHTEN", 0.2 * 0.3 + 0.5 * 0.24 + 0.3, union],
    ["MULTIPLY", s * a * d * b, a * b],
    ["OVERLAY", 2 * s * a * d * b, union],
    ["SCREEN", s * a + d * b - s * a * d * b, union],
    ["SRC", s * a, a],
    ["SRC_ATOP", b * s * a + (1 - a) * d * b, b],
    ["SRC_IN", s * a * b, a * b],
    ["SRC_OUT", (1 - b) * s * a, (1 - b) * a],
    ["SRC_OVER", s * a + (1 - a) * d * b, union],
    ["XOR", (1 - b) * s * a + (1 - a) * d * b, (1 - b) * a + (1 - a) * b],
  ])("%s", async (mode, colour, alpha) => {
    const [actual, cover] = await compose(mode);
    expect(cover).toBeCloseTo(alpha, 6);
    expect(actual).toBeCloseTo(alpha === 0 ? 0 : Math.min(1, colour / alpha), 6);
  });

  it("knows all operators", () => {
    expect(Object.keys(porterDuffOperators)).toHaveLength(18);
  });

  it("leaves no colour where nothing covers", async () => {
    expect(await compose("DST", 1)).toEqual([0, 0]);
  });

  it("gives all the destination's size, and the smallest batch", async () => {
    const [image, mask] = (await runNode(porterDuffImageComposite, {
      source: picture([0.5, 0.5], 1, 1),
      source_alpha: maskOf([0, 0], 1, 1),
      destination: picture([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], 1, 2),
      destination_alpha: maskOf([0, 0, 0], 1, 1),
      mode: "SRC",
    })) as [ImageValue, MaskValue];
    expect(image).toMatchObject({ batch: 2, height: 1, width: 2 });
    expect(difference(image.data, [0.5, 0.5, 0.5, 0.5])).toBeLessThan(1e-6);
    expect(mask).toMatchObject({ batch: 2, height: 1, width: 2 });
  });
});
