import { add, conv2d, groupNorm, linear, reshape, silu, type Tensor, type WeightScope } from "@patchbay/engine";

/**
 * A residual block of the UNet: x[N, H, W, I] → [N, H, W, O]. `embedding` [N, E] is the timestep's, its SiLU already taken;
 * it is added to every pixel between the two convolutions.
 */
export function resBlock(x: Tensor, embedding: Tensor, scope: WeightScope): Tensor {
  const skip = scope.at("skip_connection");
  // First, so that the norm is the last that reads x and may write over it.
  const kept = skip.find("weight") ? conv2d(x, skip) : x;
  const h = conv2d(silu(groupNorm(x, scope.at("in_layers.0"))), scope.at("in_layers.2"), { padding: 1 });
  const shift = linear(embedding, scope.at("emb_layers.1"));
  const shifted = add(h, reshape(shift, [shift.dim(0), 1, 1, shift.dim(1)]));
  const residual = conv2d(silu(groupNorm(shifted, scope.at("out_layers.0"))), scope.at("out_layers.3"), { padding: 1 });
  return add(kept, residual);
}
