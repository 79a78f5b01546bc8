import { test } from "vitest";
import { expectNativeMatchesOracle } from "../testing/compareWithOracle.js";
import { resize } from "./resize.js";

test("resize takes the nearest pixel or mixes four, larger and smaller", async () => {
  await expectNativeMatchesOracle({ x: { shape: [2, 5, 6, 7] } }, ({ x }) => ({
    nearest: resize(x!, 11, 13),
    smaller: resize(x!, 3, 4),
    bilinear: resize(x!, 9, 4, "bilinear"),
  }));
});
