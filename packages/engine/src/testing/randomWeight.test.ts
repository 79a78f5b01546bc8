import { expect, test } from "vitest";
import { widenHalf } from "../weights/halfFloat.js";
import { randomWeight, toHalf } from "./randomWeight.js";

test("half bits widen to the value they were made from", () => {
  const values = Float32Array.of(0, 1, -1.5, 0.333251953125, 2 ** -14, 1023 * 2 ** -24, -(2 ** -24), 65504);
  expect(widenHalf(toHalf(values))).toEqual(values);
});

test.each(["f32", "f16", "bf16"] as const)("a %s weight has numbers on both sides of zero, none larger than asked for", (dtype) => {
  const values = randomWeight("w", dtype, [20, 30], 0.25, 3).read();
  expect(values).toHaveLength(600);
  expect(Math.max(...values)).toBeGreaterThan(0.2);
  expect(Math.min(...values)).toBeLessThan(-0.2);
  expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(0.25);
});
