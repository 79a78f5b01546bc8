import { BINARY_FUNCTIONS } from "@patchbay/engine-bindings";
import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { affine } from "./affine.js";
import { binary } from "./binary.js";

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
