import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { matmul } from "./matmul.js";

test("matmul matches the oracle, both ways", async () => {
  const inputs = { a: { shape: [2, 3, 17, 45] }, b: { shape: [2, 3, 45, 23] }, t: { shape: [2, 3, 23, 45] } };
  await expectNativeMatchesOracle(inputs, ({ a, b, t }) => ({ plain: matmul(a!, b!), transposed: matmul(a!, t!, { transposed: true }) }));
});
