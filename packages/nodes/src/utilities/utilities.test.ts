import { describe, expect, it } from "vitest";
import { runNode } from "../testing/runNode.js";
import { comfyNumberConvert } from "./comfyNumberConvert.js";
import { comfyNotNode } from "./logic/comfyNotNode.js";

describe("ComfyNumberConvert", () => {
  it.each([
    [1.9, 1.9, 1],
    [-1.9, -1.9, -1],
    [true, 1, 1],
    [" 42 ", 42, 42],
    ["-1.5e1", -15, -15],
    [".5", 0.5, 0],
    ["9007199254740993", 9007199254740992, 9007199254740993n],
    [2n ** 63n, 2 ** 63, 2n ** 63n],
    [1e20, 1e20, 10n ** 20n],
    [7n, 7, 7],
  ])("%o is %d and %d", async (value, float, whole) => {
    expect(await runNode(comfyNumberConvert, { value })).toEqual([float, whole]);
  });

  it.each(["", "one", "1,5", "inf", "nan", "0x10", "9".repeat(500), NaN])("refuses %j", async (value) => {
    await expect(runNode(comfyNumberConvert, { value })).rejects.toMatchObject({ code: "NODE_INPUT_TYPE" });
  });
});

describe("ComfyNotNode", () => {
  it.each([false, 0, 0n, "", null, [], {}])("%o is nothing", async (value) => {
    expect(await runNode(comfyNotNode, { value })).toEqual([true]);
  });

  it.each([true, -1, 1n, "0", [0], { a: 0 }])("%o is something", async (value) => {
    expect(await runNode(comfyNotNode, { value })).toEqual([false]);
  });
});
