import { ACTIVATIONS, LINEAR_LAYOUTS, type Activation } from "@patchbay/engine-bindings";
import { record, weightTensor } from "../ir/trace.js";
import { sameShape } from "../ir/shape.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import type { Weight } from "../weights/weight.js";
import type { WeightScope } from "../weights/weightScope.js";
import { activationAt, activationFunctions } from "./activation.js";
import { operand, shapeError } from "./shapeError.js";

const [, TRANSPOSED, GATED] = LINEAR_LAYOUTS.keys();

/** ints: activation, layout. */
export const linearOp: OpDefinition = {
  name: "linear",
  infer(inputs, { ints: [, layout] }) {
    const [x, weight] = [operand("linear", inputs, 0), operand("linear", inputs, 1)];
    const [, , bias, residual] = inputs;
    if (weight.shape.length !== 2) throw shapeError("linear", inputs, "the weight must have two dimensions");
    const [n, k] = layout === TRANSPOSED ? [weight.dim(1), weight.dim(0)] : [weight.dim(0), weight.dim(1)];
    if (x.shape.length === 0 || x.dim(-1) !== k) throw shapeError("linear", inputs, `the last dimension of x must be ${k}`);
    if (bias && !sameShape(bias.shape, [n])) throw shapeError("linear", inputs, `the bias must be [${n}]`);
    const shape = [...x.shape.slice(0, -1), layout === GATED ? n / 2 : n];
    if (residual && !sameShape(residual.shape, shape)) throw shapeError("linear", inputs, `the residual must be [${shape.join(", ")}]`);
    return shape;
  },
  reference([x, weight, bias, residual], { ints: [activation, layout] }, shape) {
    const n = shape.at(-1)!;
    const k = x!.shape.at(-1)!;
    const [strideN, strideK] = layout === TRANSPOSED ? [1, n] : [k, 1];
    const act = activationAt(activation);
    const out = new Float32Array(shape.reduce((a, b) => a * b, 1));
    for (let i = 0; i < out.length; i++) {
      const column = i % n;
      const row = (i - column) / n;
      const product = (at: number): number => {
        let sum = bias ? bias.data[at]! : 0;
        for (let j = 0; j < k; j++) sum += x!.data[row * k + j]! * weight!.data[at * strideN + j * strideK]!;
        return sum;
      };
      const gate = layout === GATED ? activationFunctions.gelu(product(column + n)) : 1;
      out[i] = act(product(column) * gate) + (residual ? residual.data[i]! : 0);
    }
    return out;
  },
};

/**
 * x[..., K] → act(x·Wᵀ + bias)[..., N], with `weight` [N, K] (or [N, K, 1, 1], as a pointwise convolution stores it)
 * and, where the scope has one, `bias` [N]. @throws ENGINE_SHAPE, WEIGHTS_MISSING
 */
export function linear(x: Tensor, scope: WeightScope, options: { activation?: Activation } = {}): Tensor {
  return linearWith(x, scope.get("weight"), scope.find("bias"), options);
}

/** `linear` over weights given one by one; `transposed` says that the weight is stored [K, N]. @throws ENGINE_SHAPE */
export function linearWith(
  x: Tensor,
  weight: Weight,
  bias?: Weight,
  options: { activation?: Activation; transposed?: boolean } = {},
): Tensor {
  const [rows = 1, columns = 1] = weight.shape;
  const matrix = weight.shape.length === 2 ? weight : weight.reshape([rows, weight.shape.length === 1 ? 1 : columns]);
  const inputs = [x, weightTensor(matrix), bias && weightTensor(bias), undefined];
  return record(linearOp, inputs, { ints: [ACTIVATIONS.indexOf(options.activation ?? "none"), options.transposed ? 1 : 0] });
}
