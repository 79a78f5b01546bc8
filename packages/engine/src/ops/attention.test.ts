import fc from "fast-check";
import { describe, test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { attention } from "./attention.js";
import { slice } from "./slice.js";

describe("attention", () => {
  test("matches the oracle for any length, head count and head size", async () => {
    const length = fc.integer({ min: 1, max: 90 });
    await fc.assert(
      fc.asyncProperty(
        length,
        length,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        async (q, k, heads, size, causal) => {
          const keys = causal ? q : k;
          const inputs = {
            q: { shape: [2, q, heads * size] },
            k: { shape: [2, keys, heads * size] },
            v: { shape: [2, keys, heads * size] },
          };
          await expectNativeMatchesOracle(inputs, ({ q, k, v }) => ({ y: attention(q!, k!, v!, { heads, causal }) }), { tolerance: 5e-6 });
        },
      ),
      { numRuns: 20 },
    );
  });

  test("is exact over many keys and large scores", async () => {
    const inputs = { q: { shape: [1, 70, 40] }, k: { shape: [1, 700, 40] }, v: { shape: [1, 700, 40] } };
    await expectNativeMatchesOracle(inputs, ({ q, k, v }) => ({ y: attention(affine(q!, 30), k!, v!, { heads: 1 }) }), { tolerance: 2e-5 });
  });

  test("reads queries, keys and values as views of one tensor", async () => {
    await expectNativeMatchesOracle({ qkv: { shape: [2, 33, 96] } }, ({ qkv }) => {
      const [q, k, v] = [0, 32, 64].map((start) => slice(qkv!, 2, start, 32));
      return { y: attention(q!, k!, v!, { heads: 4 }) };
    });
  });
});
