import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand } from "./shapeError.js";

/** floats: low, high. */
export const clampOp: OpDefinition = {
  name: "clamp",
  infer: (inputs) => operand("clamp", inputs, 0).shape,
  reference: ([x], { floats: [low = 0, high = 1] }) => Float32Array.from(x!.data, (value) => Math.min(Math.max(value, low), high)),
};

/** Each element brought into low..high; NaN stays. */
export function clamp(x: Tensor, low: number, high: number): Tensor {
  return record(clampOp, [x], { floats: [low, high] });
}
