import { EngineError } from "@patchbay/engine-bindings";
import type { Tensor } from "../ir/tensor.js";

/** The error of an op whose operands don't fit; `problem` says what would. */
export function shapeError(op: string, inputs: readonly (Tensor | undefined)[], problem: string): EngineError {
  const shapes = inputs.map((input) => (input ? `[${input.shape.join(", ")}]` : "-")).join(" ");
  return new EngineError("ENGINE_SHAPE", `could not apply ${op} to ${shapes}: ${problem}`);
}

/** The operand at `position`. @throws ENGINE_SHAPE when it is left out. */
export function operand(op: string, inputs: readonly (Tensor | undefined)[], position: number): Tensor {
  const tensor = inputs[position];
  if (!tensor) throw shapeError(op, inputs, `operand ${position} is missing`);
  return tensor;
}
