import { describe, expect, it } from "vitest";
import { maskFrom, maskOf, noise, picture, runNode } from "../../testing/runNode.js";
import { testContext } from "../../testing/testContext.js";
import type { MaskValue } from "../../values.js";
import { cropMask } from "./cropMask.js";
import { featherMask } from "./featherMask.js";
import { growMask } from "./growMask.js";
import { imageColorToMask } from "./imageColorToMask.js";
import { imageToMask } from "./imageToMask.js";
import { maskComposite } from "./maskComposite.js";
import { maskPreview } from "./maskPreview.js";
import { thresholdMask } from "./thresholdMask.js";

const values = ({ data }: MaskValue): number[] => [...data];

describe("ImageToMask", () => {
  it("takes one channel", async () => {
    const image = picture([1, 2, 3, 4, 5, 6, 7, 8], 1, 2, 4);
    expect(await maskFrom(imageToMask, { image, channel: "green" })).toEqual(maskOf([2, 6], 1, 2));
    expect(values(await maskFrom(imageToMask, { image, channel: "alpha" }))).toEqual([4, 8]);
    const rgb = picture([1, 2, 3], 1, 1, 3);
    await expect(runNode(imageToMask, { image: rgb, channel: "alpha" })).rejects.toMatchObject({ code: "NODE_IMAGE_CHANNELS" });
  });
});

describe("ImageColorToMask", () => {
  it("finds a colour in 8 bits, rounded", async () => {
    const bytes = [18, 171, 127, 18, 171, 126, 18.4, 170.6, 127, 18.6, 171, 127, -5, 300, 127];
    const image = picture(
      bytes.map((byte) => byte / 255),
      1,
      5,
      3,
    );
    expect(values(await maskFrom(imageColorToMask, { image, color: 0x12ab7f }))).toEqual([1, 0, 1, 0, 0]);
    expect(values(await maskFrom(imageColorToMask, { image, color: 0x00ff7f }))).toEqual([0, 0, 0, 0, 1]);
  });
});

describe("CropMask", () => {
  const mask = maskOf([1, 2, 3, 4, 5, 6], 2, 3);
  it("cuts what lies inside", async () => {
    expect(await maskFrom(cropMask, { mask, x: 1, y: 1, width: 9, height: 9 })).toEqual(maskOf([5, 6], 1, 2));
    await expect(runNode(cropMask, { mask, x: 3, y: 0, width: 1, height: 1 })).rejects.toMatchObject({ code: "NODE_INPUT_RANGE" });
  });
});

describe("MaskComposite", () => {
  const destination = maskOf([0, 0.25, 0.5, 0.75, 1, 1], 1, 6);
  const source = maskOf([1, 0.5, 0.75, 0.4], 1, 4);
  it.each([
    ["multiply", [0, 0.25, 0.5, 0.375, 0.75, 0.4]],
    ["add", [0, 0.25, 1, 1, 1, 1]],
    ["subtract", [0, 0.25, 0, 0.25, 0.25, 0.6]],
    // Halves are rounded to even: 0.5 is not set.
    ["and", [0, 0.25, 0, 0, 1, 0]],
    ["or", [0, 0.25, 1, 1, 1, 1]],
    ["xor", [0, 0.25, 1, 1, 0, 1]],
  ])("%s", async (operation, expected) => {
    const combined = values(await maskFrom(maskComposite, { destination, source, x: 2, y: 0, operation }));
    combined.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 6));
  });

  it("leaves away what reaches out, limits all, and uses the source again", async () => {
    const inputs = { destination: maskOf([2, -1, 0.5, 0.5], 1, 2), source: maskOf([1, 1], 1, 2), operation: "multiply" };
    expect(values(await maskFrom(maskComposite, { ...inputs, x: 1, y: 0 }))).toEqual([1, 0, 0.5, 0.5]);
    expect(values(await maskFrom(maskComposite, { ...inputs, x: 0, y: 9 }))).toEqual([1, 0, 0.5, 0.5]);
  });
});

describe("FeatherMask", () => {
  it("fades each side out, corners twice, no further than the mask goes", async () => {
    const mask = maskOf(
      Array.from({ length: 12 }, () => 1),
      3,
      4,
    );
    const sides = { left: 0, top: 0, right: 0, bottom: 0 };
    expect(values(await maskFrom(featherMask, { mask, ...sides, left: 2 })).slice(0, 4)).toEqual([0.5, 1, 1, 1]);
    expect(values(await maskFrom(featherMask, { mask, ...sides, right: 2 })).slice(0, 4)).toEqual([1, 1, 1, 0.5]);
    expect(values(await maskFrom(featherMask, { mask, ...sides, right: 99 })).slice(0, 4)).toEqual([1, 0.75, 0.5, 0.25]);
    expect(values(await maskFrom(featherMask, { mask, ...sides, bottom: 2, left: 2 })).slice(8)).toEqual([0.25, 0.5, 0.5, 0.5]);
  });
});

describe("GrowMask", () => {
  const spot = maskOf([0, 0, 0, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0, 0], 3, 5);
  const grow = async (mask: MaskValue, expand: number, tapered_corners: boolean): Promise<number[]> =>
    values(await maskFrom(growMask, { mask, expand, tapered_corners }));

  it("grows to a diamond, or to a square", async () => {
    expect(await grow(spot, 1, true)).toEqual([0, 0, 0.5, 0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0, 0.5, 0, 0]);
    expect(await grow(spot, 1, false)).toEqual([0, 0.5, 0.5, 0.5, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0.5, 0.5, 0.5, 0]);
    expect(await grow(spot, 0, true)).toEqual(values(spot));
  });

  it("shrinks; the border takes nothing away", async () => {
    const hole = maskOf([1, 1, 1, 1, 1, 0], 1, 6);
    for (const tapered of [true, false]) expect(await grow(hole, -2, tapered)).toEqual([1, 1, 1, 0, 0, 0]);
  });

  it.each([true, false])("by many steps at once is by one step many times, tapered: %s", async (tapered) => {
    const mask = maskOf(noise(7 * 9), 7, 9);
    for (const sign of [1, -1]) {
      let stepped = mask;
      for (let i = 0; i < 3; i++) stepped = maskOf(await grow(stepped, sign, tapered), 7, 9);
      expect(await grow(mask, sign * 3, tapered)).toEqual(values(stepped));
    }
    expect(new Set(await grow(mask, 16384, tapered))).toEqual(new Set([Math.max(...mask.data)]));
  });

  it("stops when cancelled", async () => {
    const context = testContext({ signal: AbortSignal.abort() });
    await expect(growMask.run({ mask: spot, expand: 1, tapered_corners: true }, context)).rejects.toThrow();
  });
});

describe("ThresholdMask", () => {
  it("is 1 above the value, in fp32", async () => {
    expect(values(await maskFrom(thresholdMask, { mask: maskOf([0.3, 0.31, 0.2], 1, 3), value: 0.3 }))).toEqual([0, 1, 0]);
  });
});

describe("MaskPreview", () => {
  it("shows the masks as pictures in the temp folder", async () => {
    const context = testContext();
    const mask = maskOf([0, 1], 1, 1);
    expect(await maskPreview.run({ mask }, context)).toEqual([mask]);
    expect(context.files.map(({ type, kind }) => [type, kind])).toEqual([
      ["temp", "images"],
      ["temp", "images"],
    ]);
  });
});
