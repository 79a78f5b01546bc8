import { add, attention, geglu, groupNorm, layerNorm, linear, reshape, type Tensor, type WeightScope } from "@patchbay/engine";

/**
 * Transformer blocks over the pixels of x[N, H, W, C], which look at each other and at the prompt, context[N, L, K]
 * (Rombach et al. 2022, appendix E.2.1). Projections may be matrices or 1×1 convolutions: over tokens they are the same.
 */
export function spatialTransformer(
  x: Tensor,
  context: Tensor,
  scope: WeightScope,
  { heads, depth }: { heads: number; depth: number },
): Tensor {
  const [batch, height, width, channels] = [x.dim(0), x.dim(1), x.dim(2), x.dim(3)];
  const normed = groupNorm(x, scope.at("norm"), { eps: 1e-6 });
  let tokens = linear(reshape(normed, [batch, height * width, channels]), scope.at("proj_in"));
  for (let i = 0; i < depth; i++) tokens = transformerBlock(tokens, context, scope.at("transformer_blocks").at(i), heads);
  return add(reshape(linear(tokens, scope.at("proj_out")), [batch, height, width, channels]), x);
}

function transformerBlock(x: Tensor, context: Tensor, scope: WeightScope, heads: number): Tensor {
  const n1 = layerNorm(x, scope.at("norm1"));
  const looked = add(attend(n1, n1, scope.at("attn1"), heads), x);
  const read = add(attend(layerNorm(looked, scope.at("norm2")), context, scope.at("attn2"), heads), looked);
  const hidden = geglu(linear(layerNorm(read, scope.at("norm3")), scope.at("ff.net.0.proj")));
  return add(linear(hidden, scope.at("ff.net.2")), read);
}

function attend(x: Tensor, source: Tensor, scope: WeightScope, heads: number): Tensor {
  const [q, k, v] = [linear(x, scope.at("to_q")), linear(source, scope.at("to_k")), linear(source, scope.at("to_v"))];
  return linear(attention(q, k, v, { heads }), scope.at("to_out.0"));
}
