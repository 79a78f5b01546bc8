import { expect, it } from "vitest";
import { parsePrecision } from "./parsePrecision.js";

it.each(["exact", "fast", "small"])("%s is one", (text) => {
  expect(parsePrecision(text, "--precision")).toBe(text);
});

it.each(["", "Exact", "bf16", "exact "])("refuses %j", (text) => {
  expect(() => parsePrecision(text, "--precision")).toThrow(expect.objectContaining({ code: "CLI_ARGUMENT" }));
});
