import { expect, test } from "vitest";
import { trace } from "../ir/trace.js";
import { optimize } from "../passes/passes.js";
import { Executable } from "../runtime/executable.js";
import { expectNativeMatchesOracle, randomWeights } from "../testing/compareWithOracle.js";
import { gather } from "./gather.js";

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
