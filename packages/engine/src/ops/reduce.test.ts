import { REDUCE_FUNCTIONS } from "@patchbay/engine-bindings";
import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { reduce } from "./reduce.js";

test.each(REDUCE_FUNCTIONS)("reduce %s", async (name) => {
  await expectNativeMatchesOracle({ x: { shape: [3, 5, 101] } }, ({ x }) => ({ y: reduce(affine(x!, 1, 0.25), name) }));
});
