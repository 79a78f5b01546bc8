import type { InputSchema, JsonValue } from "@patchbay/graph";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { plainSchema } from "./cardPorts/plainInput.js";
import { fieldValue } from "./fieldValue.js";
import { codeOf } from "./testing/graphs.js";

const int = (more: Partial<InputSchema> = {}): InputSchema => plainSchema("n", "INT", "int", more);
const float = (more: Partial<InputSchema> = {}): InputSchema => plainSchema("x", "FLOAT", "float", more);
const refuses = (schema: InputSchema, value: JsonValue): boolean => codeOf(() => fieldValue(schema, value)) === "EDITOR_VALUE_INVALID";

describe("integers", () => {
  test("are rounded, kept within bounds and put on the step, counted from the least value", () => {
    const size = int({ min: 16, max: 16384, step: 8 });
    expect([511.6, 513, 515, 516, 1, 1e9, "640"].map((value) => fieldValue(size, value))).toEqual([512, 512, 512, 520, 16, 16384, 640]);
    expect([4, 6, 7].map((value) => fieldValue(int({ min: 1, step: 4 }), value))).toEqual([5, 5, 9]);
    expect([-3, -5, -9].map((value) => fieldValue(int({ step: 4 }), value))).toEqual([-4, -4, -8]);
    expect(fieldValue(int({ min: 0, max: 10, step: 4 }), 10)).toBe(8);
  });

  test("64-bit seeds are exact", () => {
    const seed = int({ min: 0, max: 18446744073709551615n });
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (value) => {
        expect(BigInt(fieldValue(seed, value) as number | bigint)).toBe(value);
        expect(BigInt(fieldValue(seed, String(value)) as number | bigint)).toBe(value);
      }),
      { numRuns: 100 },
    );
    expect(fieldValue(seed, 1n << 70n)).toBe((1n << 64n) - 1n);
    expect(fieldValue(seed, -1n)).toBe(0);
    expect(fieldValue(seed, 5n)).toBe(5);
  });

  test("always come out within bounds and on the step", () => {
    const schema = fc.record({ min: fc.integer({ min: -100, max: 100 }), room: fc.nat(500), step: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(schema, fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), ({ min, room, step }, value) => {
        const result = Number(fieldValue(int({ min, max: min + room, step }), value));
        expect(result).toBeGreaterThanOrEqual(min);
        expect(result).toBeLessThanOrEqual(min + room);
        expect((result - min) % step).toBe(0);
        if (value >= min && value <= min + room - step) expect(Math.abs(result - value)).toBeLessThanOrEqual(step / 2 + 0.5);
      }),
    );
  });

  test("that are none are refused", () => {
    for (const value of [Number.NaN, Infinity, "", "1.5", "seed", true, null, [1]]) expect(refuses(int(), value)).toBe(true);
  });
});

test("other numbers are rounded as the catalog says, without noise, and kept within bounds", () => {
  const cfg = float({ min: 0, max: 100, spec: { round: 0.01 } });
  expect([7.1234, 0.1 + 0.2, -1, 200, 3n, "8.5"].map((value) => fieldValue(cfg, value))).toEqual([7.12, 0.3, 0, 100, 3, 8.5]);
  expect(fieldValue(float(), 0.123456789)).toBe(0.123456789);
  expect(fieldValue(float({ spec: { round: false } }), 0.55)).toBe(0.55);
  for (const value of [Number.NaN, -Infinity, "", "x", false]) expect(refuses(float(), value)).toBe(true);
});

test("other kinds take their own values", () => {
  const of = (kind: InputSchema["kind"], more: Partial<InputSchema> = {}): InputSchema => plainSchema("i", "T", kind, more);
  expect(fieldValue(of("boolean"), false)).toBe(false);
  expect(refuses(of("boolean"), 1)).toBe(true);
  expect([fieldValue(of("string"), "a"), fieldValue(of("string"), 1n << 60n)]).toEqual(["a", "1152921504606846976"]);
  expect(refuses(of("string"), { a: 1 })).toBe(true);
  // Lists of files change: what is not among the options is for validation to say.
  expect(fieldValue(of("combo", { options: ["a"] }), "b")).toBe("b");
  expect(refuses(of("combo"), ["a"])).toBe(true);
  expect(fieldValue(of("combo", { multiselect: true }), ["a"])).toEqual(["a"]);
  const choices = [{ key: "x", inputs: [] }];
  expect(fieldValue(of("dynamicCombo", { choices }), "x")).toBe("x");
  expect(refuses(of("dynamicCombo", { choices }), "y")).toBe(true);
  expect(fieldValue(of("custom"), { points: [1] })).toEqual({ points: [1] });
  expect(refuses(of("link"), 1) && refuses(of("autogrow"), 1)).toBe(true);
});
