import { EngineError } from "@patchbay/engine";
import { countChildren, type ShapeIndex } from "../../../weights/shapeIndex.js";

/** The layout of a KL autoencoder, read from its tensors' names and shapes. */
export interface AutoencoderConfig {
  readonly imageChannels: number;
  readonly latentChannels: number;
  /** Widths from full resolution down. */
  readonly widths: readonly number[];
  /** Residual blocks of each level, in the order of `widths`; empty where the file has only one half. */
  readonly encoderBlocks: readonly number[];
  readonly decoderBlocks: readonly number[];
  /** How many times smaller a latent is than its picture, on a side. */
  readonly scale: number;
}

/**
 * Reads every size of an autoencoder with the names of the original checkpoints (`decoder.conv_in.weight`, …; the prefix already
 * taken off). @throws MODEL_LAYOUT, WEIGHTS_MISSING
 */
export function readAutoencoderConfig(index: ShapeIndex): AutoencoderConfig {
  const levels = countChildren(index, "decoder.up");
  if (levels === 0) throw new EngineError("MODEL_LAYOUT", `could not read the autoencoder: it has no "decoder.up.0"`);
  const perLevel = (path: string): number[] => Array.from({ length: levels }, (_, at) => countChildren(index, `${path}.${at}.block`));
  return {
    imageChannels: index.shape("decoder.conv_out.weight")[0]!,
    latentChannels: index.shape("decoder.conv_in.weight")[1]!,
    widths: Array.from({ length: levels }, (_, at) => index.shape(`decoder.up.${at}.block.0.conv1.weight`)[0]!),
    encoderBlocks: index.has("encoder.conv_in.weight") ? perLevel("encoder.down") : [],
    decoderBlocks: perLevel("decoder.up"),
    scale: 2 ** (levels - 1),
  };
}
