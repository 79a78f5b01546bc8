import { record, weightTensor } from "../ir/trace.js";
import { sameShape } from "../ir/shape.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import type { WeightScope } from "../weights/weightScope.js";
import { operand, shapeError } from "./shapeError.js";

/** floats: eps. */
export const layerNormOp: OpDefinition = {
  name: "layerNorm",
  infer(inputs) {
    const x = operand("layerNorm", inputs, 0);
    if (x.shape.length < 1) throw shapeError("layerNorm", inputs, "x must have a last dimension");
    for (const vector of inputs.slice(1)) {
      if (vector && !sameShape(vector.shape, [x.dim(-1)])) throw shapeError("layerNorm", inputs, `gamma and beta must be [${x.dim(-1)}]`);
    }
    return x.shape;
  },
  reference([x, gamma, beta], { floats: [eps = 0] }, shape) {
    const width = shape.at(-1)!;
    const out = new Float32Array(x!.data.length);
    for (let start = 0; start < out.length; start += width) {
      let sum = 0;
      for (let c = 0; c < width; c++) sum += x!.data[start + c]!;
      const mean = sum / width;
      let squares = 0;
      for (let c = 0; c < width; c++) squares += (x!.data[start + c]! - mean) ** 2;
      const scale = 1 / Math.sqrt(squares / width + eps);
      for (let c = 0; c < width; c++) {
        out[start + c] = (x!.data[start + c]! - mean) * scale * (gamma ? gamma.data[c]! : 1) + (beta ? beta.data[c]! : 0);
      }
    }
    return out;
  },
};

/** Over the last dimension; scale and shift from the scope's `weight` and `bias` where they are. @throws ENGINE_SHAPE */
export function layerNorm(x: Tensor, scope: WeightScope, { eps = 1e-5 }: { eps?: number } = {}): Tensor {
  const [gamma, beta] = [scope.find("weight"), scope.find("bias")];
  return record(layerNormOp, [x, gamma && weightTensor(gamma), beta && weightTensor(beta)], { floats: [eps] });
}
