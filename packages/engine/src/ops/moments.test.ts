import { expect, test } from "vitest";
import { record, weightTensor } from "../ir/trace.js";
import { expectNativeMatchesOracle, randomArray, randomWeights } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { groupNorm, groupNormOp } from "./groupNorm.js";
import { combineMoments, momentsOp } from "./moments.js";
import { slice } from "./slice.js";

test("moments match the oracle for pictures, sequences and vectors, the last chunk a short one", async () => {
  for (const shape of [
    [2, 7, 5, 12],
    [3, 20, 8],
    [4, 6],
  ]) {
    const build = (groups: number, chunk: number) =>
      expectNativeMatchesOracle({ x: { shape } }, ({ x }) => ({ y: record(momentsOp, [affine(x!, 1, 3)], { ints: [groups, chunk] }) }));
    await build(2, 3);
    await build(1, 1);
  }
});

test("chunks add up to the mean and the variance of all", () => {
  const x = { data: randomArray(2 * 9 * 4 * 6, 5), shape: [2, 9, 4, 6] };
  const parts = { data: momentsOp.reference([x], { ints: [3, 2], floats: [] }, [2, 5, 3, 5]), shape: [2, 5, 3, 5] };
  const values = Array.from({ length: 36 }, (_, pixel) => [...x.data.subarray(216 + pixel * 6 + 2, 216 + pixel * 6 + 4)]).flat();
  const mean = values.reduce((a, b) => a + b) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const combined = combineMoments(parts, 1, 1);
  expect(combined.mean).toBeCloseTo(mean, 12);
  expect(combined.variance).toBeCloseTo(variance, 12);
});

test("a part is normalised by the moments of the whole as the whole is", async () => {
  const scope = randomWeights({ weight: [12], bias: [12] });
  await expectNativeMatchesOracle({ x: { shape: [1, 11, 6, 12] } }, ({ x }) => {
    const moments = record(momentsOp, [x!], { ints: [4, 3] });
    const whole = groupNorm(x!, scope, { groups: 4 });
    const inputs = [slice(x!, 1, 2, 5), ...["weight", "bias"].map((name) => weightTensor(scope.get(name))), moments];
    const part = record(groupNormOp, inputs, { ints: [4, 0], floats: [1e-5] });
    return { part, whole: slice(whole, 1, 2, 5) };
  });
});
