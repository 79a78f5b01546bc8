import { record, weightTensor } from "../ir/trace.js";
import { sameShape } from "../ir/shape.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import type { WeightScope } from "../weights/weightScope.js";
import { activationAt } from "./activation.js";
import { combineMoments, momentsOp } from "./moments.js";
import { operand, shapeError } from "./shapeError.js";

/** ints: groups, activation; floats: eps. With a fourth operand, moments of the tensor that x is a part of, statistics are that tensor's. */
export const groupNormOp: OpDefinition = {
  name: "groupNorm",
  infer(inputs, { ints: [groups = 0] }) {
    const [x, gamma, beta] = [operand("groupNorm", inputs, 0), operand("groupNorm", inputs, 1), operand("groupNorm", inputs, 2)];
    const moments = inputs[3];
    if (x.shape.length < 2) throw shapeError("groupNorm", inputs, "x must be [N, ..., C]");
    const channels = x.dim(-1);
    if (groups < 1 || channels % groups !== 0)
      throw shapeError("groupNorm", inputs, `${channels} channels don't divide into ${groups} groups`);
    if (!sameShape(gamma.shape, [channels]) || !sameShape(beta.shape, [channels]))
      throw shapeError("groupNorm", inputs, `gamma and beta must be [${channels}]`);
    if (moments && !sameShape(moments.shape, [x.dim(0), moments.dim(1), groups, 5]))
      throw shapeError("groupNorm", inputs, `the moments must be [${x.dim(0)}, chunks, ${groups}, 5]`);
    return x.shape;
  },
  reference([x, gamma, beta, moments], { ints: [groups = 1, activation], floats: [eps = 0] }, shape) {
    const [batch = 0] = shape;
    const channels = shape.at(-1)!;
    const pixels = x!.data.length / (batch * channels);
    const width = channels / groups;
    const act = activationAt(activation);
    const length = shape.length > 2 ? shape[1]! : 1;
    const own = { ints: [groups, length], floats: [] };
    const statistics = moments ?? { data: momentsOp.reference([x], own, [batch, 1]), shape: [batch, 1, groups, 5] };
    const out = new Float32Array(x!.data.length);
    for (let n = 0; n < batch; n++) {
      for (let g = 0; g < groups; g++) {
        const { mean, variance } = combineMoments(statistics, n, g);
        const scale = 1 / Math.sqrt(variance + eps);
        for (let p = 0; p < pixels; p++) {
          for (let c = g * width; c < (g + 1) * width; c++) {
            const index = (n * pixels + p) * channels + c;
            out[index] = act((x!.data[index]! - mean) * scale * gamma!.data[c]! + beta!.data[c]!);
          }
        }
      }
    }
    return out;
  },
};

/** Over all dimensions but the first, in `groups` groups of channels; scale and shift from `weight` and `bias`. @throws ENGINE_SHAPE, WEIGHTS_MISSING */
export function groupNorm(x: Tensor, scope: WeightScope, { groups = 32, eps = 1e-5 }: { groups?: number; eps?: number } = {}): Tensor {
  return record(groupNormOp, [x, weightTensor(scope.get("weight")), weightTensor(scope.get("bias"))], { ints: [groups, 0], floats: [eps] });
}
