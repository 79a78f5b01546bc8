import { describe, expect, it } from "vitest";
import { boolean, combo, float, int, optional, scalar, string, wideInt, type InputDeclaration } from "./inputs.js";

type Case = readonly [input: InputDeclaration<unknown>, value: unknown, read: unknown];

const small = int({ min: 1, max: 10 });
const seed = wideInt({ min: 0, max: 2n ** 64n - 1n });

describe("inputs", () => {
  it.each<Case>([
    [small, 5, 5],
    [small, 5n, 5],
    [small, 5.9, 5],
    [small, " 5 ", 5],
    [seed, 2n ** 64n - 1n, 2n ** 64n - 1n],
    [seed, "18446744073709551615", 2n ** 64n - 1n],
    [seed, 7, 7n],
    [float({ max: 1 }), 0.5, 0.5],
    [float(), "1e-3", 0.001],
    [float(), 3n, 3],
    [string(), "a", "a"],
    [string(), 5, "5"],
    [string(), true, "True"],
    [boolean(), false, false],
    [boolean(), 1, true],
    [combo(["a", "b"]), "b", "b"],
    [scalar(), "a", "a"],
    [scalar(), 2n, 2n],
    [optional(small), 5n, 5],
  ])("%o reads %o as %o", (input, value, read) => {
    expect(input.read(value, "x")).toBe(read);
  });

  it.each<Case>([
    [small, 0, "NODE_INPUT_RANGE"],
    [small, 11n, "NODE_INPUT_RANGE"],
    [small, "five", "NODE_INPUT_TYPE"],
    [small, "", "NODE_INPUT_TYPE"],
    [small, NaN, "NODE_INPUT_TYPE"],
    [small, null, "NODE_INPUT_TYPE"],
    [small, undefined, "NODE_INPUT_TYPE"],
    [int(), 2n ** 60n, "NODE_INPUT_TYPE"],
    [seed, -1n, "NODE_INPUT_RANGE"],
    [seed, 2n ** 64n, "NODE_INPUT_RANGE"],
    [seed, Infinity, "NODE_INPUT_TYPE"],
    [float(), Infinity, "NODE_INPUT_TYPE"],
    [float(), [1], "NODE_INPUT_TYPE"],
    [string(), {}, "NODE_INPUT_TYPE"],
    [boolean(), "true", "NODE_INPUT_TYPE"],
    [combo(["a", "b"]), "c", "NODE_INPUT_CHOICE"],
    [scalar(), null, "NODE_INPUT_TYPE"],
    [optional(small), 0, "NODE_INPUT_RANGE"],
  ])("%o refuses %o with %s", (input, value, code) => {
    expect(() => input.read(value, "x")).toThrow(expect.objectContaining({ code, message: expect.stringContaining('"x"') as string }));
  });
});
