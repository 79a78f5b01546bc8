import fc from "fast-check";
import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";

test("affine matches the oracle", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), async (rows, half) => {
      await expectNativeMatchesOracle({ x: { shape: [rows, half * 2] } }, ({ x }) => ({ y: affine(x!, 0.18215, -1) }));
    }),
    { numRuns: 10 },
  );
});
