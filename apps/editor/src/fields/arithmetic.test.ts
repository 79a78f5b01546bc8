import fc from "fast-check";
import { expect, it } from "vitest";
import { evaluate } from "./arithmetic.js";

it.each([
  ["512", 0, 512],
  ["-3", 7, -3],
  ["512*1.5", 0, 768],
  ["(2+3)*4-1", 0, 19],
  ["2^3^2", 0, 512],
  ["*2", 64, 128],
  ["/ 4", 64, 16],
  ["+ (8)", 64, 72],
  ["0,5", 0, 0.5],
  ["1e2", 0, 100],
  ["--2", 0, 2],
  ["18446744073709551615", 0, 18446744073709551615n],
])("%s on %s is %s", (text, current, value) => {
  expect(evaluate(text, current)).toBe(value);
});

it.each(["", "a", "1+", "(1", "1)", "1/0", "1 2 +", "Infinity", "0x10", "((((".repeat(60)])("%s is no arithmetic", (text) => {
  expect(evaluate(text, 1)).toBeUndefined();
});

it("never throws, and gives finite numbers only", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789.+-*/^() e,".split("")), maxLength: 40 }), (text) => {
      const value = evaluate(text, 3);
      return value === undefined || typeof value === "bigint" || Number.isFinite(value);
    }),
  );
});
