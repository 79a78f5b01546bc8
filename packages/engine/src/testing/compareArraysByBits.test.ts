import { expect, test } from "vitest";
import { compareArraysByBits } from "./compareArraysByBits.js";

compareArraysByBits();

test("arrays are equal when their bits are", () => {
  expect(Float32Array.of(1, NaN, -0)).toEqual(Float32Array.of(1, NaN, -0));
  expect({ y: Float32Array.of(1, 2).subarray(1) }).toEqual({ y: Float32Array.of(2) });
  expect(Float32Array.of(0)).not.toEqual(Float32Array.of(-0));
  expect(Float32Array.of(1, 2)).not.toEqual(Float32Array.of(1, 3));
  expect(Float32Array.of(1, 2)).not.toEqual(Float32Array.of(1));
  expect(Float32Array.of(0)).not.toEqual(Int32Array.of(0));
});
