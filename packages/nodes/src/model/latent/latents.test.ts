import { describe, expect, it } from "vitest";
import { latentBlend } from "../../experimental/latentBlend.js";
import { difference, latent, latentFrom, maskOf, noise, runNode } from "../../testing/runNode.js";
import type { LatentValue } from "../../values.js";
import { latentAdd } from "./advanced/latentAdd.js";
import { latentBatchSeedBehavior } from "./advanced/latentBatchSeedBehavior.js";
import { latentConcat } from "./advanced/latentConcat.js";
import { latentCut } from "./advanced/latentCut.js";
import { latentCutToBatch } from "./advanced/latentCutToBatch.js";
import { latentInterpolate } from "./advanced/latentInterpolate.js";
import { latentMultiply } from "./advanced/latentMultiply.js";
import { latentSubtract } from "./advanced/latentSubtract.js";
import { latentBatch } from "./batch/latentBatch.js";
import { latentComposite } from "./latentComposite.js";
import { latentCompositeMasked } from "./latentCompositeMasked.js";
import { latentCrop } from "./transform/latentCrop.js";
import { latentFlip } from "./transform/latentFlip.js";
import { latentRotate } from "./transform/latentRotate.js";

const values = ({ samples }: LatentValue): number[] => [...samples];
const zeros = (shape: LatentValue["shape"]): LatentValue =>
  latent(
    Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0),
    shape,
  );
const ones = (shape: LatentValue["shape"]): LatentValue => ({ ...zeros(shape), samples: zeros(shape).samples.fill(1) });
/** Two planes of 2×3. */
const samples = latent([1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60], [1, 2, 2, 3], { batchIndex: [7], noiseMask: maskOf([1], 1, 1) });

describe("LatentAdd, LatentSubtract and LatentMultiply", () => {
  it("compute, and keep the first one's mask and places", async () => {
    expect(await latentFrom(latentMultiply, { samples, multiplier: -0.5 })).toEqual({
      ...samples,
      samples: samples.samples.map((value) => value / -2),
    });
    expect(values(await latentFrom(latentAdd, { samples1: samples, samples2: samples }))).toEqual(values(samples).map((v) => 2 * v));
    const none = await latentFrom(latentSubtract, { samples1: samples, samples2: { ...samples, batchIndex: [3] } });
    expect([new Set(none.samples), none.batchIndex]).toEqual([new Set([0]), [7]]);
  });

  it("fit the second to the first one's size and batch", async () => {
    const samples1 = zeros([3, 2, 4, 4]);
    const samples2 = latent([1, 1, 2, 2, 5, 5, 6, 6], [2, 2, 1, 2]);
    const sum = await latentFrom(latentAdd, { samples1, samples2 });
    expect(sum.shape).toEqual([3, 2, 4, 4]);
    expect([0, 16, 32, 48, 64, 80].map((at) => sum.samples[at])).toEqual([1, 2, 5, 6, 1, 2]);
    const other = zeros([1, 4, 1, 1]);
    await expect(runNode(latentAdd, { samples1, samples2: other })).rejects.toMatchObject({ code: "NODE_SIZES_DIFFER" });
  });
});

describe("LatentBlend", () => {
  it("mixes by the first one's share", async () => {
    const mixed = await latentFrom(latentBlend, { samples1: ones([1, 1, 2, 2]), samples2: zeros([1, 1, 5, 3]), blend_factor: 0.3 });
    expect(difference(mixed.samples, [0.3, 0.3, 0.3, 0.3])).toBeLessThan(1e-6);
  });
});

describe("LatentInterpolate", () => {
  it("mixes directions and lengths apart", async () => {
    const samples1 = latent([3, 0], [1, 2, 1, 1]);
    const samples2 = latent([0, 1], [1, 2, 1, 1]);
    const mixed = await latentFrom(latentInterpolate, { samples1, samples2, ratio: 0.5 });
    expect(difference(mixed.samples, [Math.SQRT2, Math.SQRT2])).toBeLessThan(1e-6);
    const none = await latentFrom(latentInterpolate, { samples1: zeros([2, 2, 1, 1]), samples2: zeros([2, 2, 1, 1]), ratio: 0.5 });
    expect(values(none)).toEqual([0, 0, 0, 0]);
    const first = latent(noise(2 * 4 * 6), [2, 4, 2, 3]);
    const same = await latentFrom(latentInterpolate, { samples1: first, samples2: zeros([2, 4, 2, 3]), ratio: 1 });
    expect(difference(same.samples, first.samples)).toBeLessThan(1e-6);
  });
});

describe("LatentConcat and LatentCut", () => {
  const more = latent([-1, -2, -3, -4], [1, 2, 2, 1]);
  it("join along an axis, in either order", async () => {
    const right = await latentFrom(latentConcat, { samples1: samples, samples2: more, dim: "x" });
    expect([right.shape, values(right)]).toEqual([
      [1, 2, 2, 4],
      [1, 2, 3, -1, 4, 5, 6, -2, 10, 20, 30, -3, 40, 50, 60, -4],
    ]);
    const left = await latentFrom(latentConcat, { samples1: samples, samples2: more, dim: "-x" });
    expect(values(left).slice(0, 4)).toEqual([-1, 1, 2, 3]);
    const deep = await latentFrom(latentConcat, { samples1: more, samples2: more, dim: "t" });
    expect(deep.shape).toEqual([1, 4, 2, 1]);
    await expect(runNode(latentConcat, { samples1: samples, samples2: more, dim: "y" })).rejects.toMatchObject({
      code: "NODE_SIZES_DIFFER",
    });
  });

  it.each([
    ["x", 1, 9, [2, 3, 5, 6, 20, 30, 50, 60]],
    ["x", 99, 1, [3, 6, 30, 60]],
    ["x", -2, 1, [2, 5, 20, 50]],
    ["y", -99, 1, [1, 2, 3, 10, 20, 30]],
    ["t", 1, 1, [10, 20, 30, 40, 50, 60]],
  ])("cut along %s from %i, %i of it", async (dim, index, amount, expected) => {
    expect(values(await latentFrom(latentCut, { samples, dim, index, amount }))).toEqual(expected);
  });
});

describe("LatentCutToBatch", () => {
  it("lays slices one after the other, without what is left over", async () => {
    const wide = await latentFrom(latentCutToBatch, { samples, dim: "x", slice_size: 2 });
    expect([wide.shape, values(wide)]).toEqual([
      [1, 2, 2, 2],
      [1, 2, 4, 5, 10, 20, 40, 50],
    ]);
    const tall = await latentFrom(latentCutToBatch, { samples, dim: "y", slice_size: 1 });
    expect([tall.shape, values(tall)]).toEqual([
      [2, 2, 1, 3],
      [1, 2, 3, 10, 20, 30, 4, 5, 6, 40, 50, 60],
    ]);
    expect(tall).not.toHaveProperty("batchIndex");
    expect((await latentFrom(latentCutToBatch, { samples, dim: "x", slice_size: 99 })).shape).toEqual(samples.shape);
    expect(await latentFrom(latentCutToBatch, { samples, dim: "t", slice_size: 1 })).toBe(samples);
  });
});

describe("LatentBatch and LatentBatchSeedBehavior", () => {
  it("join batches with the places of both", async () => {
    const samples2 = zeros([2, 2, 4, 6]);
    const joined = await latentFrom(latentBatch, { samples1: samples, samples2 });
    expect([joined.shape, joined.batchIndex]).toEqual([
      [3, 2, 2, 3],
      [7, 0, 1],
    ]);
    expect(joined.noiseMask).toBe(samples.noiseMask);
  });

  it("give all one place, or none", async () => {
    const fixed = await latentFrom(latentBatchSeedBehavior, {
      samples: { ...zeros([3, 1, 1, 1]), batchIndex: [4, 5, 6] },
      seed_behavior: "fixed",
    });
    expect(fixed.batchIndex).toEqual([4, 4, 4]);
    const first = await latentFrom(latentBatchSeedBehavior, { samples: zeros([2, 1, 1, 1]), seed_behavior: "fixed" });
    expect(first.batchIndex).toEqual([0, 0]);
    expect(await latentFrom(latentBatchSeedBehavior, { samples: fixed, seed_behavior: "random" })).not.toHaveProperty("batchIndex");
  });
});

describe("LatentRotate, LatentFlip and LatentCrop", () => {
  it("turn and mirror each plane", async () => {
    const turned = await latentFrom(latentRotate, { samples, rotation: "90 degrees" });
    expect([turned.shape, values(turned)]).toEqual([
      [1, 2, 3, 2],
      [4, 1, 5, 2, 6, 3, 40, 10, 50, 20, 60, 30],
    ]);
    const flipped = await latentFrom(latentFlip, { samples, flip_method: "x-axis: vertically" });
    expect(values(flipped)).toEqual([4, 5, 6, 1, 2, 3, 40, 50, 60, 10, 20, 30]);
  });

  it("crop in pixels of the picture, at least 8 latent pixels", async () => {
    const large = latent(
      Array.from({ length: 12 * 16 }, (_, i) => i),
      [1, 1, 12, 16],
    );
    const cropped = await latentFrom(latentCrop, { samples: large, width: 64, height: 72, x: 24, y: 8 });
    expect([cropped.shape, cropped.samples[0]]).toEqual([[1, 1, 9, 8], 16 + 3]);
    const last = await latentFrom(latentCrop, { samples: large, width: 512, height: 512, x: 512, y: 512 });
    expect([last.shape, last.samples[0]]).toEqual([[1, 1, 8, 8], 4 * 16 + 8]);
    expect((await latentFrom(latentCrop, { samples, width: 512, height: 512, x: 8, y: 0 })).shape).toEqual(samples.shape);
  });
});

describe("LatentComposite", () => {
  const composite = async (from: LatentValue, x: number, y: number, feather: number): Promise<number[]> =>
    values(await latentFrom(latentComposite, { samples_to: zeros([1, 1, 4, 4]), samples_from: from, x, y, feather }));

  it("lays latents over others, and leaves away what reaches out", async () => {
    const placed = await composite(ones([1, 1, 2, 2]), 24, 17, 0);
    expect(placed).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(await composite(ones([1, 1, 2, 2]), 800, 0, 16)).toEqual(values(zeros([1, 1, 4, 4])));
  });

  it("fades in at sides that are not on the border", async () => {
    const placed = await composite(ones([1, 1, 4, 3]), 0, 0, 16);
    expect(placed.slice(0, 4)).toEqual([1, 1, 0.5, 0]);
    const middle = await composite(ones([1, 1, 2, 2]), 8, 8, 16);
    expect(middle).toEqual([0, 0, 0, 0, 0, 0.25, 0.25, 0, 0, 0.25, 0.25, 0, 0, 0, 0, 0]);
  });
});

describe("LatentCompositeMasked", () => {
  const inputs = { x: 8, y: 0, resize_source: false };
  it("lays the source where the mask is 1, each item by its own", async () => {
    const destination = zeros([2, 2, 1, 3]);
    const source = ones([1, 2, 1, 2]);
    const plain = await latentFrom(latentCompositeMasked, { destination, source, ...inputs });
    expect(values(plain)).toEqual([0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1]);
    const mask = maskOf([1, 0, 0.5, 0.25], 1, 2);
    const masked = await latentFrom(latentCompositeMasked, { destination, source, mask, ...inputs });
    expect(values(masked)).toEqual([0, 1, 0, 0, 1, 0, 0, 0.5, 0.25, 0, 0.5, 0.25]);
    const filled = await latentFrom(latentCompositeMasked, { destination, source, x: 0, y: 0, resize_source: true });
    expect(new Set(filled.samples)).toEqual(new Set([1]));
  });
});
