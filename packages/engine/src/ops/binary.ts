import { BINARY_FUNCTIONS, type BinaryFunction } from "@patchbay/engine-bindings";
import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

const functions: Readonly<Record<BinaryFunction, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

/** ints: function. */
export const binaryOp: OpDefinition = {
  name: "binary",
  infer(inputs) {
    const [a, b] = [operand("binary", inputs, 0), operand("binary", inputs, 1)];
    const rank = Math.max(a.shape.length, b.shape.length);
    return Array.from({ length: rank }, (_, axis) => {
      const [m, n] = [a.shape.at(axis - rank) ?? 1, b.shape.at(axis - rank) ?? 1];
      if (m !== n && m !== 1 && n !== 1) throw shapeError("binary", inputs, "dimensions must be equal or 1");
      return Math.max(m, n);
    });
  },
  reference([a, b], { ints: [which = 0] }, shape) {
    const apply = functions[BINARY_FUNCTIONS[which]!];
    const out = new Float32Array(shape.reduce((x, y) => x * y, 1));
    const [strideA, strideB] = [broadcastStrides(a!.shape, shape), broadcastStrides(b!.shape, shape)];
    for (let i = 0; i < out.length; i++) {
      let [rest, indexA, indexB] = [i, 0, 0];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        const position = rest % shape[axis]!;
        rest = (rest - position) / shape[axis]!;
        indexA += position * strideA[axis]!;
        indexB += position * strideB[axis]!;
      }
      out[i] = apply(a!.data[indexA]!, b!.data[indexB]!);
    }
    return out;
  },
};

/** Elements to step in a tensor of `shape` for each axis of `target`: 0 along broadcast axes. */
function broadcastStrides(shape: readonly number[], target: readonly number[]): number[] {
  const strides = new Array<number>(target.length).fill(0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis + target.length - shape.length] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/** Element by element; shapes aligned at the right, dimensions equal or 1. @throws ENGINE_SHAPE */
export function binary(a: Tensor, b: Tensor, name: BinaryFunction): Tensor {
  return record(binaryOp, [a, b], { ints: [BINARY_FUNCTIONS.indexOf(name)] });
}

export const add = (a: Tensor, b: Tensor): Tensor => binary(a, b, "add");
export const subtract = (a: Tensor, b: Tensor): Tensor => binary(a, b, "subtract");
export const multiply = (a: Tensor, b: Tensor): Tensor => binary(a, b, "multiply");
export const divide = (a: Tensor, b: Tensor): Tensor => binary(a, b, "divide");
