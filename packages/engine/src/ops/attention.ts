import { record } from "../ir/trace.js";
import { sameShape } from "../ir/shape.js";
import type { OpDefinition, Tensor } from "../ir/tensor.js";
import { operand, shapeError } from "./shapeError.js";

/** ints: heads, causal; floats: scale. */
export const attentionOp: OpDefinition = {
  name: "attention",
  infer(inputs, { ints: [heads = 0] }) {
    const [q, k, v] = [operand("attention", inputs, 0), operand("attention", inputs, 1), operand("attention", inputs, 2)];
    if (q.shape.length !== 3 || k.shape.length !== 3) throw shapeError("attention", inputs, "q, k and v must be [B, L, heads*D]");
    if (!sameShape(k.shape, v.shape)) throw shapeError("attention", inputs, "k and v must have one shape");
    if (q.dim(0) !== k.dim(0) || q.dim(2) !== k.dim(2)) throw shapeError("attention", inputs, "q and k must have one batch and width");
    if (heads < 1 || q.dim(2) % heads !== 0)
      throw shapeError("attention", inputs, `a width of ${q.dim(2)} doesn't divide into ${heads} heads`);
    return q.shape;
  },
  reference([q, k, v], { ints: [heads = 1, causal], floats: [scale = 1] }, shape) {
    const [batch = 0, queries = 0, width = 0] = shape;
    const keys = k!.shape[1]!;
    const size = width / heads;
    const out = new Float32Array(batch * queries * width);
    const scores = new Float64Array(keys);
    for (let b = 0; b < batch; b++) {
      for (let h = 0; h < heads; h++) {
        for (let i = 0; i < queries; i++) {
          const row = (b * queries + i) * width + h * size;
          const visible = causal ? Math.min(keys, i + 1) : keys;
          let highest = -Infinity;
          for (let j = 0; j < visible; j++) {
            let dot = 0;
            for (let d = 0; d < size; d++) dot += q!.data[row + d]! * k!.data[(b * keys + j) * width + h * size + d]!;
            scores[j] = dot * scale;
            highest = Math.max(highest, scores[j]!);
          }
          let total = 0;
          for (let j = 0; j < visible; j++) total += scores[j] = Math.exp(scores[j]! - highest);
          for (let d = 0; d < size; d++) {
            let sum = 0;
            for (let j = 0; j < visible; j++) sum += scores[j]! * v!.data[(b * keys + j) * width + h * size + d]!;
            out[row + d] = sum / total;
          }
        }
      }
    }
    return out;
  },
};

/** softmax(scale · q·kᵀ)·v a head: q[B, Lq, heads·D], k and v[B, Lk, heads·D] → [B, Lq, heads·D]. scale is 1/√D unless given. @throws ENGINE_SHAPE */
export function attention(
  q: Tensor,
  k: Tensor,
  v: Tensor,
  { heads, causal = false, scale }: { heads: number; causal?: boolean; scale?: number },
): Tensor {
  return record(attentionOp, [q, k, v], { ints: [heads, causal ? 1 : 0], floats: [scale ?? 1 / Math.sqrt(q.dim(-1) / heads)] });
}
