import { describe, expect, it } from "vitest";
import { difference, noise, picture } from "../testing/runNode.js";
import type { ImageValue } from "../values.js";
import { repeatToBatch, runOfBatch } from "./batch.js";
import { withChannels } from "./channels.js";
import { cut } from "./cut.js";
import { edgeRamp } from "./edgeRamp.js";
import { gaussianBlur } from "./gaussianBlur.js";
import { placeOver } from "./placeOver.js";
import { slidingExtreme } from "./slidingExtreme.js";
import { flip, rotate } from "./turn.js";

const abcdef = picture([1, 2, 3, 4, 5, 6], 2, 3);
const values = ({ data }: ImageValue): number[] => [...data];

describe("rotate and flip", () => {
  it.each([
    ["none", [1, 2, 3, 4, 5, 6], 2],
    ["90 degrees", [4, 1, 5, 2, 6, 3], 3],
    ["180 degrees", [6, 5, 4, 3, 2, 1], 2],
    ["270 degrees", [3, 6, 2, 5, 1, 4], 3],
  ] as const)("%s clockwise", (rotation, expected, height) => {
    const turned = rotate(abcdef, rotation);
    expect([values(turned), turned.height]).toEqual([expected, height]);
  });

  it("mirror", () => {
    expect(values(flip(abcdef, "x-axis: vertically"))).toEqual([4, 5, 6, 1, 2, 3]);
    expect(values(flip(abcdef, "y-axis: horizontally"))).toEqual([3, 2, 1, 6, 5, 4]);
  });

  it("keep the channels and pictures of a batch together", () => {
    const two = picture(noise(2 * 2 * 3 * 3), 2, 3, 3);
    const back = ["90 degrees", "90 degrees", "180 degrees"] as const;
    expect(back.reduce<ImageValue>(rotate, two)).toEqual(two);
    expect(rotate(two, "90 degrees").data.slice(18, 21)).toEqual(two.data.slice(18 + 9, 18 + 12));
  });
});

describe("cut", () => {
  it("leaves away what reaches out", () => {
    expect(values(cut(abcdef, 1, 1, 9, 9))).toEqual([5, 6]);
    expect(values(cut(abcdef, 0, 0, 2, 1))).toEqual([1, 2]);
  });
});

describe("batches", () => {
  it("are repeated from the first, or cut short", () => {
    const two = picture([1, 2], 1, 1);
    expect(values(repeatToBatch(two, 5, undefined))).toEqual([1, 2, 1, 2, 1]);
    expect(values(repeatToBatch(two, 1, undefined))).toEqual([1]);
    expect(() => repeatToBatch(two, 2 ** 40, undefined)).toThrow(expect.objectContaining({ code: "NODE_TOO_LARGE" }));
  });

  it.each([
    [1, 2, 1, 2],
    [3, 9, 3, 2],
    [99, 1, 4, 1],
    [-1, 3, 4, 1],
    [-99, 2, 0, 2],
  ])("from %i, %i of 5", (index, length, first, count) => {
    expect(runOfBatch(5, index, length)).toEqual({ first, count });
  });
});

describe("withChannels", () => {
  it("drops, adds alpha, and paints grey in three colours", () => {
    expect(values(withChannels(picture([1, 2, 3, 4], 1, 1, 4), 3, undefined))).toEqual([1, 2, 3]);
    expect(values(withChannels(picture([5, 2, 3], 1, 1, 3), 4, undefined))).toEqual([5, 2, 3, 1]);
    expect(values(withChannels(picture([5], 1, 1), 4, undefined))).toEqual([5, 5, 5, 1]);
  });
});

describe("placeOver", () => {
  const upper = picture([7, 8, 9, 10], 2, 2);

  it("leaves away what reaches over the border", () => {
    expect(values(placeOver(abcdef, upper, { left: 2, top: 1 }))).toEqual([1, 2, 3, 4, 5, 7]);
    expect(values(placeOver(abcdef, upper, { left: 3, top: 0 }))).toEqual(values(abcdef));
    expect(values(placeOver(abcdef, upper, { left: 0, top: 2 }))).toEqual(values(abcdef));
  });

  it("mixes by the mask, one for several pictures where told so", () => {
    const mask = { data: Float32Array.of(0, 1, 0.5, 0.25), batch: 1, height: 2, width: 2 };
    expect(values(placeOver(abcdef, upper, { left: 1, top: 0, mask }))).toEqual([1, 2, 8, 4, 7, 7]);
    const four = picture([0, 0, 0, 0], 1, 1);
    const masks = { data: Float32Array.of(1, 0), batch: 2, height: 1, width: 1 };
    const ones = picture([1, 1, 1, 1], 1, 1);
    expect(values(placeOver(four, ones, { left: 0, top: 0, mask: masks }))).toEqual([1, 0, 1, 0]);
    expect(values(placeOver(four, ones, { left: 0, top: 0, mask: masks, picturesPerMask: 2 }))).toEqual([1, 1, 0, 0]);
  });
});

describe("edgeRamp", () => {
  it("rises from both ends, and multiplies where they meet", () => {
    expect([...edgeRamp(4, 2, 0)]).toEqual([0.5, 1, 1, 1]);
    expect([...edgeRamp(4, 0, 2)]).toEqual([1, 1, 1, 0.5]);
    expect([...edgeRamp(2, 2, 2)]).toEqual([0.5, 0.5]);
    expect([...edgeRamp(2, 4, 0)]).toEqual([0.25, 0.5]);
  });
});

describe("slidingExtreme", () => {
  it.each([
    [1, 1],
    [2, 1],
    [0, 3],
    [9, 9],
    [0, 0],
  ])("from %i before to %i after is what a search finds", (before, after) => {
    const image = picture(noise(2 * 5 * 7 * 3), 5, 7, 3);
    const search = (pick: (...all: number[]) => number): number[] =>
      values(image).map((_, i) => {
        const [c, x, y, n] = [i % 3, Math.floor(i / 3) % 7, Math.floor(i / 21) % 5, Math.floor(i / 105)];
        const near = [];
        for (let row = Math.max(0, y - before); row <= Math.min(4, y + after); row++)
          for (let column = Math.max(0, x - before); column <= Math.min(6, x + after); column++)
            near.push(image.data[((n * 5 + row) * 7 + column) * 3 + c]!);
        return pick(...near);
      });
    expect(values(slidingExtreme(image, { before, after }, "max"))).toEqual(search(Math.max));
    expect(values(slidingExtreme(image, { before, after }, "min"))).toEqual(search(Math.min));
  });
});

describe("gaussianBlur", () => {
  it("is the sum over the square window with mirrored borders", () => {
    const [height, width, radius, sigma] = [4, 6, 3, 0.7];
    const image = picture(noise(height * width), height, width);
    const mirror = (i: number, size: number): number => (i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i);
    const expected = values(image).map((_, i) => {
      let [sum, weights] = [0, 0];
      for (let dy = -radius; dy <= radius; dy++) {
        for (let dx = -radius; dx <= radius; dx++) {
          const weight = Math.exp(-((dx / radius) ** 2 + (dy / radius) ** 2) / (2 * sigma ** 2));
          const [y, x] = [mirror(Math.floor(i / width) + dy, height), mirror((i % width) + dx, width)];
          sum += weight * image.data[y * width + x]!;
          weights += weight;
        }
      }
      return sum / weights;
    });
    expect(difference(gaussianBlur(image, radius, sigma).data, expected)).toBeLessThan(1e-7);
  });

  it("keeps pictures of one colour and of one pixel", () => {
    expect(difference(gaussianBlur(picture([0.3], 1, 1), 31, 1).data, [0.3])).toBeLessThan(1e-7);
    const flat = picture(
      Array.from({ length: 24 }, (_, i) => [0.2, 0.4, 0.6][i % 3]!),
      2,
      4,
      3,
    );
    expect(difference(gaussianBlur(flat, 9, 10).data, flat.data)).toBeLessThan(1e-6);
  });
});
