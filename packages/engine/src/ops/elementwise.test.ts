import { BINARY_FUNCTIONS, REDUCE_FUNCTIONS, UNARY_FUNCTIONS } from "@patchbay/engine-bindings";
import fc from "fast-check";
import { describe, test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { binary } from "./binary.js";
import { clamp } from "./clamp.js";
import { geglu } from "./geglu.js";
import { matmul } from "./matmul.js";
import { reduce } from "./reduce.js";
import { softmax } from "./softmax.js";
import { unary } from "./unary.js";

describe("elementwise ops and reductions", () => {
  test.each(UNARY_FUNCTIONS)("unary %s", async (name) => {
    const positive = name === "log" || name === "sqrt" || name === "reciprocal";
    await expectNativeMatchesOracle({ x: { shape: [3, 7, 19] } }, ({ x }) => ({
      y: unary(positive ? affine(x!, 1, 1.5) : affine(x!, 4), name),
    }));
  });

  test.each(BINARY_FUNCTIONS)("binary %s over shapes that broadcast", async (name) => {
    const inputs = { a: { shape: [3, 1, 5, 19] }, b: { shape: [7, 1, 19] }, c: { shape: [1] }, d: { shape: [3, 1, 5, 1] } };
    await expectNativeMatchesOracle(inputs, ({ a, b, c, d }) => {
      const safe = name === "divide" ? affine(b!, 1, 2) : b!;
      return {
        ab: binary(a!, safe, name),
        ac: binary(a!, affine(c!, 1, 3), name),
        da: binary(a!, affine(d!, 1, 3), name),
        same: binary(a!, affine(a!, 1, 3), name),
      };
    });
  });

  test.each(REDUCE_FUNCTIONS)("reduce %s", async (name) => {
    await expectNativeMatchesOracle({ x: { shape: [3, 5, 101] } }, ({ x }) => ({ y: reduce(affine(x!, 1, 0.25), name) }));
  });

  test("softmax, geglu, clamp and affine", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 60 }), async (rows, half) => {
        await expectNativeMatchesOracle({ x: { shape: [rows, half * 2] } }, ({ x }) => ({
          softmax: softmax(affine(x!, 20)),
          geglu: geglu(affine(x!, 3)),
          clamp: clamp(x!, -0.25, 0.5),
          affine: affine(x!, 0.18215, -1),
        }));
      }),
      { numRuns: 10 },
    );
  });

  test("matmul, both ways", async () => {
    await expectNativeMatchesOracle(
      { a: { shape: [2, 3, 17, 45] }, b: { shape: [2, 3, 45, 23] }, t: { shape: [2, 3, 23, 45] } },
      ({ a, b, t }) => ({
        plain: matmul(a!, b!),
        transposed: matmul(a!, t!, { transposed: true }),
      }),
    );
  });
});
