import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Executable } from "../runtime/executable.js";
import { trace } from "../ir/trace.js";
import { optimize } from "../passes/passes.js";
import { expectNativeMatchesOracle, randomWeights } from "../testing/compareWithOracle.js";
import { add, multiply } from "./binary.js";
import { concat } from "./concat.js";
import { gather } from "./gather.js";
import { permute, toChannelsFirst, toChannelsLast } from "./permute.js";
import { reshape } from "./reshape.js";
import { resize } from "./resize.js";
import { slice } from "./slice.js";
import { unary } from "./unary.js";

describe("ops that move elements", () => {
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

  test("layout changes, concat on each axis, resize", async () => {
    await expectNativeMatchesOracle({ x: { shape: [2, 5, 6, 7] }, y: { shape: [2, 5, 6, 3] } }, ({ x, y }) => ({
      last: toChannelsLast(x!),
      first: toChannelsFirst(x!),
      joined: concat([x!, y!, x!], -1),
      stacked: concat([x!, x!], 0),
      tall: concat([y!, y!], 1),
      nearest: resize(x!, 11, 13),
      smaller: resize(x!, 3, 4),
      bilinear: resize(x!, 9, 4, "bilinear"),
    }));
  });

  test("gather reads rows of a table and refuses ids outside it", async () => {
    const table = randomWeights({ table: [50, 17] }).get("table");
    const ids = { shape: [2, 4], dtype: "i32" as const };
    await expectNativeMatchesOracle({ ids }, ({ ids }) => ({ y: gather(table, ids!) }), {
      values: { ids: Int32Array.of(0, 49, 3, 3, 7, 12, 48, 1) },
    });
    const executable = Executable.compile("gather", optimize(trace({ ids }, ({ ids }) => ({ y: gather(table, ids!) }))));
    for (const bad of [50, -1, 2 ** 31 - 1]) {
      const run = executable.run({ ids: { data: Int32Array.of(0, 0, 0, 0, 0, 0, 0, bad), shape: [2, 4] } });
      await expect(run).rejects.toMatchObject({ code: "ENGINE_BOUNDS" });
    }
  });
});
