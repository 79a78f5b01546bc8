import type { Activation } from "@patchbay/engine";
import { EngineError } from "@patchbay/engine";
import { countChildren, type ShapeIndex } from "../../../weights/shapeIndex.js";

/** How the tensors of a CLIP text model are named: as in transformers (`encoder.layers.0…`) or in OpenCLIP (`transformer.resblocks.0…`). */
export type ClipNaming = "transformers" | "openClip";

/** The layout of a CLIP text model, read from its tensors' names and shapes. */
export interface ClipTextConfig {
  readonly naming: ClipNaming;
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  readonly vocabulary: number;
  /** Tokens of one chunk. */
  readonly positions: number;
  readonly activation: Activation;
}

/** All CLIP text models have heads of this width. */
const HEAD_WIDTH = 64;

/**
 * Reads every size of a CLIP text model; the prefix is already taken off. The activation isn't in the tensors.
 * @throws MODEL_LAYOUT, WEIGHTS_MISSING
 */
export function readClipTextConfig(index: ShapeIndex, activation: Activation): ClipTextConfig {
  const naming = index.has("embeddings.token_embedding.weight") ? "transformers" : "openClip";
  const names = clipNames[naming];
  const [vocabulary = 0, width = 0] = index.shape(names.tokens);
  const layers = countChildren(index, names.layers);
  if (layers === 0 || width % HEAD_WIDTH !== 0) {
    throw new EngineError(
      "MODEL_LAYOUT",
      `could not read the text encoder: ${layers} layers of width ${width}; the width must be a multiple of ${HEAD_WIDTH}`,
    );
  }
  const positions = index.shape(names.positions)[0]!;
  return { naming, layers, width, heads: width / HEAD_WIDTH, vocabulary, positions, activation };
}

/** Where the two namings keep what they share. */
export const clipNames = {
  transformers: {
    tokens: "embeddings.token_embedding.weight",
    positions: "embeddings.position_embedding.weight",
    layers: "encoder.layers",
    finalNorm: "final_layer_norm",
  },
  openClip: {
    tokens: "token_embedding.weight",
    positions: "positional_embedding",
    layers: "transformer.resblocks",
    finalNorm: "ln_final",
  },
} as const;
