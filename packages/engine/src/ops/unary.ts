import { UNARY_FUNCTIONS, type UnaryFunction } from "@patchbay/engine-bindings";
import { record } from "../ir/trace.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { activationFunctions } from "./activation.js";
import { operand } from "./shapeError.js";

const functions: Readonly<Record<UnaryFunction, (x: number) => number>> = {
  silu: activationFunctions.silu,
  gelu: activationFunctions.gelu,
  quickGelu: activationFunctions.quickGelu,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  negate: (x) => -x,
  abs: Math.abs,
  square: (x) => x * x,
  relu: (x) => (x < 0 ? 0 : x),
};

/** ints: function. */
export const unaryOp: OpDefinition = {
  name: "unary",
  infer: (inputs) => operand("unary", inputs, 0).shape,
  reference: ([x], { ints: [which = 0] }) => Float32Array.from(x!.data, functions[UNARY_FUNCTIONS[which]!]),
};

/** A function of each element. */
export function unary(x: Tensor, name: UnaryFunction): Tensor {
  return record(unaryOp, [x], { ints: [UNARY_FUNCTIONS.indexOf(name)] });
}

export const silu = (x: Tensor): Tensor => unary(x, "silu");
export const gelu = (x: Tensor): Tensor => unary(x, "gelu");
export const quickGelu = (x: Tensor): Tensor => unary(x, "quickGelu");
