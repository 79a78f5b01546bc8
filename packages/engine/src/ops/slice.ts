import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

/** ints: one start a dimension; the output's shape says how much is taken. */
export const sliceOp: OpDefinition = {
  name: "slice",
  infer(inputs, { ints: starts }, requested) {
    const x = operand("slice", inputs, 0);
    const fits =
      requested?.length === x.shape.length &&
      starts.length === x.shape.length &&
      x.shape.every((size, axis) => starts[axis]! >= 0 && requested[axis]! >= 1 && starts[axis]! + requested[axis]! <= size);
    if (!fits) throw shapeError("slice", inputs, `[${starts.join(", ")}] + [${requested?.join(", ") ?? ""}] is not inside`);
    return requested;
  },
  reference([x], { ints: starts }, shape) {
    const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < out.length; i++) {
      let [rest, index, stride] = [i, 0, 1];
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        index += ((rest % shape[axis]!) + starts[axis]!) * stride;
        rest = Math.floor(rest / shape[axis]!);
        stride *= x!.shape[axis]!;
      }
      out[i] = x!.data[index]!;
    }
    return out;
  },
};

/** `size` elements of dimension `axis` from `start`. @throws ENGINE_SHAPE */
export function slice(x: Tensor, axis: number, start: number, size: number): Tensor {
  const at = axis < 0 ? axis + x.shape.length : axis;
  const starts = x.shape.map((_, i) => (i === at ? start : 0));
  return record(
    sliceOp,
    [x],
    { ints: starts },
    x.shape.map((whole, i) => (i === at ? size : whole)),
  );
}
