import { record } from "../ir/trace.js";
import { elementCount } from "../ir/shape.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

export const reshapeOp: OpDefinition = {
  name: "reshape",
  infer(inputs, _attributes, requested) {
    const x = operand("reshape", inputs, 0);
    if (!requested || elementCount(requested) !== x.elements)
      throw shapeError("reshape", inputs, `[${requested?.join(", ") ?? ""}] has another number of elements`);
    return requested;
  },
  reference: ([x]) => Float32Array.from(x!.data),
};

/** The same elements in the same order; one dimension may be -1. @throws ENGINE_SHAPE */
export function reshape(x: Tensor, shape: readonly number[]): Tensor {
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  return record(
    reshapeOp,
    [x],
    {},
    shape.map((size) => (size === -1 ? x.elements / known : size)),
  );
}
