import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand } from "./shapeError.js";

export const softmaxOp: OpDefinition = {
  name: "softmax",
  infer: (inputs) => operand("softmax", inputs, 0).shape,
  reference([x], _attributes, shape) {
    const width = shape.at(-1) ?? 1;
    const out = new Float32Array(x!.data.length);
    for (let start = 0; start < out.length; start += width) {
      const row = Array.from(x!.data.subarray(start, start + width));
      const highest = Math.max(...row);
      const powers = row.map((value) => Math.exp(value - highest));
      const total = powers.reduce((a, b) => a + b, 0);
      powers.forEach((power, c) => (out[start + c] = power / total));
    }
    return out;
  },
};

/** Over the last dimension. */
export function softmax(x: Tensor): Tensor {
  return record(softmaxOp, [x]);
}
