import { record } from "../ir/trace.js";
import { sameShape } from "../ir/shape.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

/** ints: transposed. */
export const matmulOp: OpDefinition = {
  name: "matmul",
  infer(inputs, { ints: [transposed] }) {
    const [a, b] = [operand("matmul", inputs, 0), operand("matmul", inputs, 1)];
    if (a.shape.length < 2 || a.shape.length !== b.shape.length || !sameShape(a.shape.slice(0, -2), b.shape.slice(0, -2))) {
      throw shapeError("matmul", inputs, "a and b must be matrices with equal leading dimensions");
    }
    const [k, n] = transposed ? [b.dim(-1), b.dim(-2)] : [b.dim(-2), b.dim(-1)];
    if (a.dim(-1) !== k) throw shapeError("matmul", inputs, `a must have ${k} columns`);
    return [...a.shape.slice(0, -1), n];
  },
  reference([a, b], { ints: [transposed] }, shape) {
    const n = shape.at(-1)!;
    const m = shape.at(-2)!;
    const k = a!.shape.at(-1)!;
    const [strideK, strideN] = transposed ? [1, k] : [n, 1];
    const out = new Float32Array(shape.reduce((x, y) => x * y, 1));
    for (let i = 0; i < out.length; i++) {
      const column = i % n;
      const row = Math.floor(i / n);
      const matrix = Math.floor(row / m) * k * n;
      let sum = 0;
      for (let j = 0; j < k; j++) sum += a!.data[row * k + j]! * b!.data[matrix + j * strideK + column * strideN]!;
      out[i] = sum;
    }
    return out;
  },
};

/** a[..., M, K] · b[..., K, N] → [..., M, N]; `transposed`: b is [..., N, K]. @throws ENGINE_SHAPE */
export function matmul(a: Tensor, b: Tensor, { transposed = false }: { transposed?: boolean } = {}): Tensor {
  return record(matmulOp, [a, b], { ints: [transposed ? 1 : 0] });
}
