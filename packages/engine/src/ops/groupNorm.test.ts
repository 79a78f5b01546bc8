import fc from "fast-check";
import { describe, test } from "vitest";
import { expectNativeMatchesOracle, randomWeights } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { groupNorm } from "./groupNorm.js";
import { silu } from "./unary.js";

describe("groupNorm", () => {
  test("matches the oracle for any width and size", async () => {
    const small = fc.integer({ min: 1, max: 9 });
    await fc.assert(
      fc.asyncProperty(small, small, small, small, fc.integer({ min: 1, max: 12 }), async (n, h, w, groups, width) => {
        const weights = randomWeights({ weight: [groups * width], bias: [groups * width] });
        await expectNativeMatchesOracle(
          { x: { shape: [n, h, w, groups * width] } },
          ({ x }) => ({ y: silu(groupNorm(affine(x!, 3, 20), weights, { groups, eps: 1e-3 })) }),
          { tolerance: 3e-5 },
        );
      }),
      { numRuns: 20 },
    );
  });

  test("keeps its accuracy over a large picture with a large mean", async () => {
    const weights = randomWeights({ weight: [32], bias: [32] });
    await expectNativeMatchesOracle(
      { x: { shape: [1, 70, 71, 32] } },
      ({ x }) => ({ y: groupNorm(affine(x!, 1, 30), weights, { groups: 8 }) }),
      { tolerance: 3e-5 },
    );
  });
});
