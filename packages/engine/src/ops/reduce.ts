import { REDUCE_FUNCTIONS, type ReduceFunction } from "@patchbay/engine-bindings";
import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

/** ints: function. */
export const reduceOp: OpDefinition = {
  name: "reduce",
  infer(inputs) {
    const x = operand("reduce", inputs, 0);
    if (x.shape.length < 1) throw shapeError("reduce", inputs, "x must have a last dimension");
    return [...x.shape.slice(0, -1), 1];
  },
  reference([x], { ints: [which = 0] }, shape) {
    const width = x!.shape.at(-1)!;
    const name = REDUCE_FUNCTIONS[which]!;
    return Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, row) => {
      const values = Array.from(x!.data.subarray(row * width, (row + 1) * width));
      if (name === "maximum") return Math.max(...values);
      if (name === "minimum") return Math.min(...values);
      const sum = values.reduce((a, b) => a + b, 0);
      return name === "mean" ? sum / width : sum;
    });
  },
};

/** Over the last dimension, which becomes 1. @throws ENGINE_SHAPE */
export function reduce(x: Tensor, name: ReduceFunction): Tensor {
  return record(reduceOp, [x], { ints: [REDUCE_FUNCTIONS.indexOf(name)] });
}
