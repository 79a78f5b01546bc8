import { ACTIVATIONS } from "@patchbay/engine-bindings";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trace } from "../ir/trace.js";
import { expectNativeMatchesOracle, randomArray, randomWeights } from "../testing/compareWithOracle.js";
import { Weight } from "../weights/weight.js";
import { add } from "./binary.js";
import { linear, linearWith } from "./linear.js";
import { silu, unary } from "./unary.js";

describe("linear", () => {
  test("matches the oracle for any shape", async () => {
    const size = fc.integer({ min: 1, max: 70 });
    await fc.assert(
      fc.asyncProperty(size, size, size, fc.boolean(), fc.constantFrom(...ACTIVATIONS), async (m, k, n, bias, activation) => {
        const w = randomWeights({ weight: [n, k], ...(bias && { bias: [n] }) });
        await expectNativeMatchesOracle({ x: { shape: [m, k] } }, ({ x }) => ({
          y: linear(x!, w, { activation: activation }),
        }));
      }),
      { numRuns: 25 },
    );
  });

  test("blocks a long inner dimension, with residual and activation fused", async () => {
    const w = randomWeights({ weight: [33, 2500], bias: [33] });
    await expectNativeMatchesOracle({ x: { shape: [2, 19, 2500] }, r: { shape: [2, 19, 33] } }, ({ x, r }) => ({
      plain: add(linear(x!, w), r!),
      activated: add(r!, silu(linear(x!, w))),
    }));
  });

  test("reads half-width weights without changing them", async () => {
    const bits = Uint16Array.from(randomArray(21 * 40, 5), (value) => (Math.abs(value) < 0.5 ? 0x3800 : 0xb555));
    for (const dtype of ["f16", "bf16"] as const) {
      const weight = Weight.inMemory("w", bits, dtype, [21, 40]);
      await expectNativeMatchesOracle({ x: { shape: [9, 40] } }, ({ x }) => ({ y: linearWith(x!, weight) }));
    }
  });

  test("takes a weight stored as [K, N]", async () => {
    const weight = Weight.inMemory("w", randomArray(12 * 35, 5), "f32", [12, 35]);
    await expectNativeMatchesOracle({ x: { shape: [9, 12] } }, ({ x }) => ({ y: linearWith(x!, weight, undefined, { transposed: true }) }));
  });

  test("reads one weight under two shapes in one plan", async () => {
    const w = randomWeights({ weight: [24, 8] });
    await expectNativeMatchesOracle({ x: { shape: [5, 8] } }, ({ x }) => ({
      first: linearWith(x!, w.get("weight").rows(0, 8)),
      rest: unary(linearWith(x!, w.get("weight").rows(8, 16)), "square"),
    }));
  });

  test("says what would fit", () => {
    const w = randomWeights({ weight: [4, 8] });
    expect(() => trace({ x: { shape: [2, 7] } }, ({ x }) => ({ y: linear(x!, w) }))).toThrow(
      "could not apply linear to [2, 7] [4, 8] - -: the last dimension of x must be 8",
    );
  });
});
