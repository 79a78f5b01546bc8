import fc from "fast-check";
import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { clamp } from "./clamp.js";

test("clamp matches the oracle", async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), async (rows, half) => {
      await expectNativeMatchesOracle({ x: { shape: [rows, half * 2] } }, ({ x }) => ({ y: clamp(x!, -0.25, 0.5) }));
    }),
    { numRuns: 10 },
  );
});
