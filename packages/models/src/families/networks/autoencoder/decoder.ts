import { block, conv2d, resize, type Tensor, type WeightScope } from "@patchbay/engine";
import { autoencoderMiddle, autoencoderResBlock, normedConvolution } from "./autoencoderBlocks.js";
import type { AutoencoderConfig } from "./autoencoderConfig.js";

/** Latents to pictures: latent[N, H, W, latentChannels] → [N, H·scale, W·scale, 3], about -1..1. */
export function decodeLatent(latent: Tensor, { decoderBlocks }: AutoencoderConfig, scope: WeightScope): Tensor {
  const weights = scope.at("decoder");
  const quant = scope.at("post_quant_conv");
  let h = conv2d(quant.find("weight") ? conv2d(latent, quant) : latent, weights.at("conv_in"), { padding: 1 });
  h = block("decoder.mid", () => autoencoderMiddle(h, weights.at("mid")));
  for (let level = decoderBlocks.length - 1; level >= 0; level--) {
    const up = weights.at("up").at(level);
    h = block(`decoder.up.${level}`, () => {
      for (let i = 0; i < decoderBlocks[level]!; i++) h = autoencoderResBlock(h, up.at("block").at(i));
      return level > 0 ? conv2d(resize(h, h.dim(1) * 2, h.dim(2) * 2), up.at("upsample.conv"), { padding: 1 }) : h;
    });
  }
  return normedConvolution(h, weights.at("norm_out"), weights.at("conv_out"));
}
