import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

/** ints: axis. */
export const concatOp: OpDefinition = {
  name: "concat",
  infer(inputs, { ints: [axis = 0] }) {
    const first = operand("concat", inputs, 0);
    const shape = [...first.shape];
    if (axis < 0 || axis >= shape.length) throw shapeError("concat", inputs, `axis ${axis} is not one of ${shape.length} dimensions`);
    for (let i = 1; i < inputs.length; i++) {
      const next = operand("concat", inputs, i);
      const fits = next.shape.length === shape.length && next.shape.every((size, at) => at === axis || size === shape[at]);
      if (!fits) throw shapeError("concat", inputs, `shapes may differ only in dimension ${axis}`);
      shape[axis]! += next.dim(axis);
    }
    return shape;
  },
  reference(inputs, { ints: [axis = 0] }, shape) {
    const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const outer = shape.slice(0, axis).reduce((a, b) => a * b, 1);
    let skip = 0;
    for (const input of inputs) {
      const width = input!.shape[axis]! * inner;
      for (let o = 0; o < outer; o++) out.set(input!.data.subarray(o * width, (o + 1) * width), o * shape[axis]! * inner + skip);
      skip += width;
    }
    return out;
  },
};

/** The tensors one after the other along `axis`. @throws ENGINE_SHAPE */
export function concat(tensors: readonly Tensor[], axis: number): Tensor {
  return record(concatOp, tensors, { ints: [axis < 0 ? axis + (tensors[0]?.shape.length ?? 0) : axis] });
}
