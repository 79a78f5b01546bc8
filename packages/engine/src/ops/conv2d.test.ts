import fc from "fast-check";
import { describe, test } from "vitest";
import { expectNativeMatchesOracle, randomWeights } from "../testing/compareWithOracle.js";
import { add } from "./binary.js";
import { conv2d } from "./conv2d.js";
import { reshape } from "./reshape.js";
import { resize } from "./resize.js";
import { silu } from "./unary.js";

describe("conv2d", () => {
  test("matches the oracle for any size, stride and padding", async () => {
    const channels = fc.integer({ min: 1, max: 40 });
    const side = fc.integer({ min: 3, max: 11 });
    const pad = fc.integer({ min: 0, max: 2 });
    await fc.assert(
      fc.asyncProperty(
        fc.record({ n: fc.integer({ min: 1, max: 2 }), h: side, w: side, i: channels, o: channels }),
        fc.record({ kernel: fc.constantFrom(1, 2, 3), stride: fc.integer({ min: 1, max: 2 }), pads: fc.tuple(pad, pad, pad, pad) }),
        async ({ n, h, w, i, o }, { kernel, stride, pads }) => {
          const weights = randomWeights({ weight: [o, i, kernel, kernel], bias: [o] });
          await expectNativeMatchesOracle({ x: { shape: [n, h, w, i] } }, ({ x }) => ({
            y: conv2d(x!, weights, { stride, padding: pads }),
          }));
        },
      ),
      { numRuns: 25 },
    );
  });

  test("fuses resize, time embedding, activation and residual", async () => {
    const w = randomWeights({ weight: [20, 12, 3, 3], bias: [20] });
    const inputs = { x: { shape: [2, 5, 7, 12] }, t: { shape: [2, 20] }, r: { shape: [2, 9, 13, 20] } };
    await expectNativeMatchesOracle(inputs, ({ x, t, r }) => {
      const larger = conv2d(resize(x!, 9, 13), w, { padding: 1 });
      const embedded = add(larger, reshape(t!, [2, 1, 1, 20]));
      return { y: add(silu(embedded), r!), plain: add(conv2d(resize(x!, 9, 13), w, { padding: 1 }), r!) };
    });
  });

  test("accumulates over many channels", async () => {
    const w = randomWeights({ weight: [6, 700, 3, 3] });
    await expectNativeMatchesOracle({ x: { shape: [1, 4, 5, 700] } }, ({ x }) => ({ y: conv2d(x!, w, { padding: 1 }) }));
  });
});
