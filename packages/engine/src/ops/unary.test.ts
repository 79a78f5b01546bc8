import { UNARY_FUNCTIONS } from "@patchbay/engine-bindings";
import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { unary } from "./unary.js";

test.each(UNARY_FUNCTIONS)("unary %s", async (name) => {
  const positive = name === "log" || name === "sqrt" || name === "reciprocal";
  await expectNativeMatchesOracle({ x: { shape: [3, 7, 19] } }, ({ x }) => ({
    y: unary(positive ? affine(x!, 1, 1.5) : affine(x!, 4), name),
  }));
});
