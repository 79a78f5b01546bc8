import fc from "fast-check";
import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { add, multiply } from "./binary.js";
import { concat } from "./concat.js";
import { permute } from "./permute.js";
import { reshape } from "./reshape.js";
import { slice } from "./slice.js";
import { unary } from "./unary.js";

test("slices, reshapes and permutes chained at random", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 8 }), async (choices) => {
      await expectNativeMatchesOracle(
        { x: { shape: [4, 3, 6, 8] } },
        ({ x }) => {
          let y = x!;
          for (const choice of choices) {
            const axis = choice % y.shape.length;
            const size = y.dim(axis);
            switch (choice % 7) {
              case 0:
                y = size > 1 ? slice(y, axis, choice % 2, size - 1) : y;
                break;
              case 1:
                y = permute(y, [...y.shape.keys()].reverse());
                break;
              case 2:
                y = reshape(y, [y.dim(0), -1]);
                break;
              case 3:
                y = concat([y, unary(y, "negate")], axis);
                break;
              case 4:
                y = add(y, y);
                break;
              case 5:
                y = reshape(y, [...y.shape, 1]);
                if (y.shape.length > 5) y = reshape(y, [-1]);
                break;
              default:
                y = multiply(slice(y, -1, 0, 1), y);
            }
          }
          return { y, again: unary(y, "abs") };
        },
        { tolerance: 1e-6 },
      );
    }),
    { numRuns: 60 },
  );
});
