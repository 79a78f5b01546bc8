import fc from "fast-check";
import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { softmax } from "./softmax.js";

test("softmax matches the oracle, large values too", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), async (rows, half) => {
      await expectNativeMatchesOracle({ x: { shape: [rows, half * 2] } }, ({ x }) => ({ y: softmax(affine(x!, 20)) }));
    }),
    { numRuns: 10 },
  );
});
