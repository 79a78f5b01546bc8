import { block, concat, conv2d, EngineError, groupNorm, linear, resize, silu, type Tensor, type WeightScope } from "@patchbay/engine";
import { resBlock } from "./resBlock.js";
import { spatialTransformer } from "./spatialTransformer.js";
import type { UnetBlock, UnetConfig, UnetPart } from "./unetConfig.js";

export interface UnetInputs {
  /** The scaled latent, [N, H, W, C]; any height and width. */
  readonly x: Tensor;
  /** Sinusoids of the timesteps, [N, modelChannels]. */
  readonly timestep: Tensor;
  /** The encoded prompt, [N, L, contextWidth]. */
  readonly context: Tensor;
}

export interface UnetOptions {
  /** Attention heads of a transformer of this width: the only size that no tensor tells. */
  heads(channels: number): number;
}

/**
 * The UNet of Stable Diffusion 1 and 2 (Rombach et al. 2022), channels-last, with the names of the original checkpoints.
 * Upsampling goes to the size of the skip it meets, so odd sizes work.
 * @returns [N, H, W, outChannels]
 */
export function unet({ x, timestep, context }: UnetInputs, config: UnetConfig, scope: WeightScope, options: UnetOptions): Tensor {
  const embedding = block("time_embed", () => linear(silu(linear(timestep, scope.at("time_embed.0"))), scope.at("time_embed.2")));
  const activated = silu(embedding);

  const applyPart = (h: Tensor, part: UnetPart, skip: Tensor | undefined): Tensor => {
    const weights = scope.at(part.path);
    switch (part.kind) {
      case "convolution":
        return conv2d(h, weights, { padding: 1 });
      case "resBlock":
        return resBlock(h, activated, weights);
      case "transformer":
        return spatialTransformer(h, context, weights, { heads: options.heads(part.channels), depth: part.depth });
      case "downsample":
        return conv2d(h, weights.at("op"), { stride: 2, padding: 1 });
      case "upsample":
        return conv2d(resize(h, skip?.dim(1) ?? h.dim(1) * 2, skip?.dim(2) ?? h.dim(2) * 2), weights.at("conv"), { padding: 1 });
    }
  };
  const applyBlock = (h: Tensor, { path, parts }: UnetBlock, skip?: Tensor): Tensor => {
    return block(path, () => parts.reduce((value, part) => applyPart(value, part, skip), h));
  };

  const skips: Tensor[] = [];
  let h = x;
  for (const each of config.inputBlocks) skips.push((h = applyBlock(h, each)));
  h = applyBlock(h, config.middleBlock);
  for (const each of config.outputBlocks) {
    const skip = skips.pop();
    if (!skip) throw new EngineError("MODEL_LAYOUT", `could not build the UNet: the block "${each.path}" has no input block across`);
    h = applyBlock(concat([h, skip], 3), each, skips.at(-1));
  }
  return block("out", () => conv2d(silu(groupNorm(h, scope.at("out.0"))), scope.at("out.2"), { padding: 1 }));
}
