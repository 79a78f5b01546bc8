import { expect, test } from "vitest";
import { erf } from "./erf.js";

test("erf agrees with tabulated values (Abramowitz and Stegun, table 7.1)", () => {
  const table = [
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2, 0.9953222650189527],
    [2.49, 0.9995707],
    [3, 0.9999779095030014],
  ] as const;
  for (const [x, value] of table) {
    expect(erf(x)).toBeCloseTo(value, value === 0.9995707 ? 7 : 14);
    expect(erf(-x)).toBeCloseTo(-value, value === 0.9995707 ? 7 : 14);
  }
  expect(Math.abs(erf(2.5 - 1e-12) - erf(2.5 + 1e-12))).toBeLessThan(1e-12);
});
