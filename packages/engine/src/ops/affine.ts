import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand } from "./shapeError.js";

/** floats: scale, shift. */
export const affineOp: OpDefinition = {
  name: "affine",
  infer: (inputs) => operand("affine", inputs, 0).shape,
  reference: ([x], { floats: [scale = 1, shift = 0] }) =>
    Float32Array.from(x!.data, (value) => value * Math.fround(scale) + Math.fround(shift)),
};

/** x · scale + shift. */
export function affine(x: Tensor, scale: number, shift = 0): Tensor {
  return record(affineOp, [x], { floats: [scale, shift] });
}
