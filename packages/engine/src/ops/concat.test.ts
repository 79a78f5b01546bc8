import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { concat } from "./concat.js";

test("concat joins along any axis", async () => {
  await expectNativeMatchesOracle({ x: { shape: [2, 5, 6, 7] }, y: { shape: [2, 5, 6, 3] } }, ({ x, y }) => ({
    joined: concat([x!, y!, x!], -1),
    stacked: concat([x!, x!], 0),
    tall: concat([y!, y!], 1),
  }));
});
