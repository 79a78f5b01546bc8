import fc from "fast-check";
import { test } from "vitest";
import { expectNativeMatchesOracle, randomWeights } from "../testing/compareWithOracle.js";
import { layerNorm } from "./layerNorm.js";

test("layerNorm matches the oracle with and without scale and shift", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 2, max: 200 }), fc.boolean(), async (rows, width, affined) => {
      const weights = randomWeights(affined ? { weight: [width], bias: [width] } : {});
      await expectNativeMatchesOracle({ x: { shape: [rows, width] } }, ({ x }) => ({ y: layerNorm(x!, weights) }), { tolerance: 1e-5 });
    }),
    { numRuns: 20 },
  );
});
