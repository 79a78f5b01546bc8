import { describe, expect, it } from "vitest";
import { initialNoise } from "./initialNoise.js";
import { TorchGenerator } from "./torchGenerator.js";

describe("initialNoise", () => {
  it("draws the whole batch at once", () => {
    expect(initialNoise(3n, [2, 4, 5, 7])).toEqual(new TorchGenerator(3n).randn(280));
  });

  it("draws one place of a batch after the other where places are given", () => {
    const generator = new TorchGenerator(9n);
    const draws = [0, 1, 2, 3].map(() => generator.randn(36));
    const noise = initialNoise(9n, [3, 4, 3, 3], [3, 1, 3]);
    expect([noise.subarray(0, 36), noise.subarray(36, 72), noise.subarray(72)]).toEqual([draws[3], draws[1], draws[3]]);
  });

  it("agrees between both ways where an item is whole blocks of 16", () => {
    expect(initialNoise(1n, [3, 4, 4, 2], [0, 1, 2])).toEqual(initialNoise(1n, [3, 4, 4, 2]));
  });

  it.each([[[0]], [[0, -1]], [[0, 0.5]], [[0, 2 ** 30]]])("refuses the places %j for two latents", (places) => {
    expect(() => initialNoise(0n, [2, 4, 1, 1], places)).toThrow(expect.objectContaining({ code: "MODEL_BATCH_INDEX" }));
  });
});
