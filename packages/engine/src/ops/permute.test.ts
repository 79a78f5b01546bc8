import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { toChannelsFirst, toChannelsLast } from "./permute.js";

test("permute changes the layout both ways", async () => {
  await expectNativeMatchesOracle({ x: { shape: [2, 5, 6, 7] }, big: { shape: [1, 33, 40, 65] } }, ({ x, big }) => ({
    last: toChannelsLast(x!),
    first: toChannelsFirst(x!),
    bigLast: toChannelsLast(big!),
    bigFirst: toChannelsFirst(big!),
  }));
});
