import { describe, expect, it } from "vitest";
import { testContext } from "../../../testing/testContext.js";
import type { LatentValue, MaskValue } from "../../../values.js";
import { latentFromBatch } from "./latentFromBatch.js";
import { repeatLatentBatch } from "./repeatLatentBatch.js";

const context = testContext();
const mask = (...values: number[]): MaskValue => ({ data: Float32Array.from(values), batch: values.length, height: 1, width: 1 });
/** A batch whose items hold their numbers. */
const batch = (count: number, more: Partial<LatentValue> = {}): LatentValue => ({
  samples: Float32Array.from({ length: count * 4 }, (_, i) => Math.floor(i / 4)),
  shape: [count, 4, 1, 1],
  ...more,
});

async function take(samples: LatentValue, batch_index: number, length: number): Promise<LatentValue> {
  return (await latentFromBatch.run({ samples, batch_index, length }, context))[0] as LatentValue;
}

const items = ({ samples }: LatentValue): number[] => [...samples].filter((_, i) => i % 4 === 0);

describe("latentFromBatch", () => {
  it.each([
    [1, 2, [1, 2]],
    [3, 9, [3, 4]],
    [99, 1, [4]],
    [-1, 3, [4]],
    [-99, 2, [0, 1]],
  ])("from %i, %i of them", async (index, length, expected) => {
    const taken = await take(batch(5), index, length);
    expect([items(taken), taken.batchIndex, taken.shape]).toEqual([expected, expected, [expected.length, 4, 1, 1]]);
  });

  it("keeps places taken before, and the masks of the items", async () => {
    const taken = await take(batch(3, { batchIndex: [7, 8, 9], noiseMask: mask(0, 1) }), 1, 2);
    expect([taken.batchIndex, [...taken.noiseMask!.data]]).toEqual([
      [8, 9],
      [1, 0],
    ]);
    expect((await take(batch(3, { noiseMask: mask(0.5) }), 1, 2)).noiseMask!.batch).toBe(1);
  });
});

describe("repeatLatentBatch", () => {
  it("repeats items, masks and places", async () => {
    const [repeated] = (await repeatLatentBatch.run(
      { samples: batch(2, { batchIndex: [3, 5], noiseMask: mask(0, 1) }), amount: 2 },
      context,
    )) as [LatentValue];
    expect(items(repeated)).toEqual([0, 1, 0, 1]);
    expect([...repeated.noiseMask!.data]).toEqual([0, 1, 0, 1]);
    expect(repeated.batchIndex).toEqual([3, 5, 6, 8]);
  });

  it("leaves places alone where there are none", async () => {
    expect((await repeatLatentBatch.run({ samples: batch(1), amount: 2 }, context))[0]).not.toHaveProperty("batchIndex");
  });
});
