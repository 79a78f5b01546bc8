import { add, attention, conv2d, groupNorm, linear, reshape, silu, type Tensor, type WeightScope } from "@patchbay/engine";

const norm = (x: Tensor, scope: WeightScope): Tensor => groupNorm(x, scope, { eps: 1e-6 });

/** Norm, SiLU and the 3×3 convolution that follow each other all over the autoencoder. */
export function normedConvolution(x: Tensor, normScope: WeightScope, convScope: WeightScope): Tensor {
  return conv2d(silu(norm(x, normScope)), convScope, { padding: 1 });
}

/** A residual block: x[N, H, W, I] → [N, H, W, O]. */
export function autoencoderResBlock(x: Tensor, scope: WeightScope): Tensor {
  const shortcut = scope.at("nin_shortcut");
  // First, so that the norm is the last that reads x and may write over it: here, at full size, memory is at its highest.
  const kept = shortcut.find("weight") ? conv2d(x, shortcut) : x;
  const h = normedConvolution(x, scope.at("norm1"), scope.at("conv1"));
  return add(kept, normedConvolution(h, scope.at("norm2"), scope.at("conv2")));
}

/** The narrowest part: two residual blocks around one head of attention over all pixels. */
export function autoencoderMiddle(x: Tensor, scope: WeightScope): Tensor {
  const h = autoencoderResBlock(x, scope.at("block_1"));
  const weights = scope.at("attn_1");
  const [batch, height, width, channels] = [h.dim(0), h.dim(1), h.dim(2), h.dim(3)];
  const tokens = reshape(norm(h, weights.at("norm")), [batch, height * width, channels]);
  const [q, k, v] = [linear(tokens, weights.at("q")), linear(tokens, weights.at("k")), linear(tokens, weights.at("v"))];
  const looked = linear(attention(q, k, v, { heads: 1 }), weights.at("proj_out"));
  return autoencoderResBlock(add(reshape(looked, [batch, height, width, channels]), h), scope.at("block_2"));
}
