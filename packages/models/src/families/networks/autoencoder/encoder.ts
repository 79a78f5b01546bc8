import { block, conv2d, slice, type Tensor, type WeightScope } from "@patchbay/engine";
import { autoencoderMiddle, autoencoderResBlock, normedConvolution } from "./autoencoderBlocks.js";
import type { AutoencoderConfig } from "./autoencoderConfig.js";

/**
 * Pictures to latents: image[N, H, W, 3] in -1..1 → the mean of the latent's distribution, [N, H/scale, W/scale, latentChannels].
 * H and W must be multiples of `scale`. Down-sampling pads at the right and the bottom only.
 */
export function encodeLatent(image: Tensor, { encoderBlocks, latentChannels }: AutoencoderConfig, scope: WeightScope): Tensor {
  const weights = scope.at("encoder");
  let h = conv2d(image, weights.at("conv_in"), { padding: 1 });
  encoderBlocks.forEach((blocks, level) => {
    const down = weights.at("down").at(level);
    h = block(`encoder.down.${level}`, () => {
      for (let i = 0; i < blocks; i++) h = autoencoderResBlock(h, down.at("block").at(i));
      return level + 1 < encoderBlocks.length ? conv2d(h, down.at("downsample.conv"), { stride: 2, padding: [0, 0, 1, 1] }) : h;
    });
  });
  h = block("encoder.mid", () => autoencoderMiddle(h, weights.at("mid")));
  const moments = normedConvolution(h, weights.at("norm_out"), weights.at("conv_out"));
  const quant = scope.at("quant_conv");
  return slice(quant.find("weight") ? conv2d(moments, quant) : moments, 3, 0, latentChannels);
}
