import fc from "fast-check";
import { test } from "vitest";
import { expectNativeMatchesOracle, randomWeights } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { geglu } from "./geglu.js";
import { linear } from "./linear.js";

test("geglu of a linear matches the oracle", async () => {
  for (const [rows, half, depth] of [
    [1, 32, 20],
    [40, 96, 70],
    [130, 64, 500],
  ] as const) {
    const weights = randomWeights({ "wide.weight": [2 * half, depth], "wide.bias": [2 * half] });
    await expectNativeMatchesOracle({ x: { shape: [rows, depth] } }, ({ x }) => ({
      y: geglu(linear(affine(x!, 0.3), weights.at("wide"))),
    }));
  }
});

test("geglu matches the oracle", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), async (rows, half) => {
      await expectNativeMatchesOracle({ x: { shape: [rows, half * 2] } }, ({ x }) => ({ y: geglu(affine(x!, 3)) }));
    }),
    { numRuns: 10 },
  );
});
