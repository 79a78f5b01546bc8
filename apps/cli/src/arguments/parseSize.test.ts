import { expect, it } from "vitest";
import { parseSize } from "./parseSize.js";

it.each([
  ["1000000", 1e6],
  ["4G", 4 * 2 ** 30],
  ["512MiB", 512 * 2 ** 20],
  ["1.5 gb", 1.5 * 2 ** 30],
  ["2k", 2048],
])("%s is %i bytes", (text, bytes) => {
  expect(parseSize(text, "--memory")).toBe(bytes);
});

it.each(["", "G", "-1G", "0", "1e9", "4X", "4 G B", "99999999999T"])("refuses %j", (text) => {
  expect(() => parseSize(text, "--memory")).toThrow(expect.objectContaining({ code: "CLI_ARGUMENT" }));
});
