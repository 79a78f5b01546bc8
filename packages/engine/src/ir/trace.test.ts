import { expect, test } from "vitest";
import { add } from "../ops/binary.js";
import { reshape } from "../ops/reshape.js";
import { slice } from "../ops/slice.js";
import type { Tensor } from "./tensor.js";
import { constant, trace } from "./trace.js";

// A reshape or a slice is a view: the kernels after it would read the integers' bits as fp32, and the oracle their values.
test.each<[string, (ids: Tensor) => Tensor]>([
  ["reshape", (ids) => reshape(ids, [2, 2])],
  ["slice", (ids) => slice(ids, 0, 1, 2)],
  ["binary", (ids) => add(ids, ids)],
  ["reshape", () => reshape(constant(Int32Array.of(1, 2), [2]), [1, 2])],
])("%s of integers is refused", (op, build) => {
  expect(() => trace({ ids: { shape: [4], dtype: "i32" } }, ({ ids }) => ({ y: build(ids!) }))).toThrow(
    `could not apply ${op} to int32: only gather reads integers, as ids`,
  );
});
