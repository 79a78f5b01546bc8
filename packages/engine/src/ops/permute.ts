import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

/** ints: for each output dimension the input dimension it is. */
export const permuteOp: OpDefinition = {
  name: "permute",
  infer(inputs, { ints: order }) {
    const x = operand("permute", inputs, 0);
    const whole = order.length === x.shape.length && order.every((_, axis) => order.includes(axis));
    if (!whole) throw shapeError("permute", inputs, `[${order.join(", ")}] is not an order of its dimensions`);
    return order.map((axis) => x.dim(axis));
  },
  reference([x], { ints: order }, shape) {
    const strides = x!.shape.map((_, axis) => x!.shape.slice(axis + 1).reduce((a, b) => a * b, 1));
    const out = new Float32Array(x!.data.length);
    for (let i = 0; i < out.length; i++) {
      let [rest, index] = [i, 0];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        index += (rest % shape[axis]!) * strides[order[axis]!]!;
        rest = Math.floor(rest / shape[axis]!);
      }
      out[i] = x!.data[index]!;
    }
    return out;
  },
};

/** Dimension i of the result is dimension order[i] of x. @throws ENGINE_SHAPE */
export function permute(x: Tensor, order: readonly number[]): Tensor {
  return record(permuteOp, [x], { ints: order });
}

/** [N, C, H, W] → [N, H, W, C]: from the layout of files and of other programs to ours. */
export const toChannelsLast = (x: Tensor): Tensor => permute(x, [0, 2, 3, 1]);
/** [N, H, W, C] → [N, C, H, W]. */
export const toChannelsFirst = (x: Tensor): Tensor => permute(x, [0, 3, 1, 2]);
