import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { activationFunctions } from "./activation.js";
import { operand, shapeError } from "./shapeError.js";

export const gegluOp: OpDefinition = {
  name: "geglu",
  infer(inputs) {
    const x = operand("geglu", inputs, 0);
    if (x.dim(-1) % 2 !== 0) throw shapeError("geglu", inputs, "the last dimension must be even");
    return [...x.shape.slice(0, -1), x.dim(-1) / 2];
  },
  reference([x], _attributes, shape) {
    const width = shape.at(-1)!;
    const out = new Float32Array(x!.data.length / 2);
    for (let i = 0; i < out.length; i++) {
      const column = i % width;
      const start = (i - column) * 2 + column;
      out[i] = x!.data[start]! * activationFunctions.gelu(x!.data[start + width]!);
    }
    return out;
  },
};

/** x[..., 2C] → x[..., :C] · gelu(x[..., C:]) (Shazeer 2020, arXiv 2002.05202). @throws ENGINE_SHAPE */
export function geglu(x: Tensor): Tensor {
  return record(gegluOp, [x]);
}
