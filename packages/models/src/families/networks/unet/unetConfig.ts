import { EngineError } from "@patchbay/engine";
import { countChildren, type ShapeIndex } from "../../../weights/shapeIndex.js";

/** One step of a block, named as in the checkpoint. */
export type UnetPart =
  | { readonly kind: "convolution"; readonly path: string }
  | { readonly kind: "resBlock"; readonly path: string; readonly channels: number }
  | { readonly kind: "transformer"; readonly path: string; readonly channels: number; readonly depth: number }
  | { readonly kind: "downsample"; readonly path: string }
  | { readonly kind: "upsample"; readonly path: string };

export interface UnetBlock {
  readonly path: string;
  readonly parts: readonly UnetPart[];
}

/** The layout of a Stable Diffusion UNet, read from its tensors' names and shapes. */
export interface UnetConfig {
  readonly inChannels: number;
  readonly outChannels: number;
  /** Width of the first level; the timestep embedding has it too. */
  readonly modelChannels: number;
  readonly contextWidth: number;
  /** Whether the transformers project tokens with matrices (SD2) instead of 1×1 convolutions (SD1). */
  readonly linearProjection: boolean;
  readonly inputBlocks: readonly UnetBlock[];
  readonly middleBlock: UnetBlock;
  readonly outputBlocks: readonly UnetBlock[];
}

/**
 * Reads every size of a UNet with the names of the original checkpoints (`input_blocks.0.0.weight`, …; the prefix already taken off).
 * @throws MODEL_LAYOUT when a block isn't what such networks are made of, WEIGHTS_MISSING
 */
export function readUnetConfig(index: ShapeIndex): UnetConfig {
  const [modelChannels = 0, inChannels = 0] = index.shape("input_blocks.0.0.weight");
  const blocks = (prefix: string): UnetBlock[] =>
    Array.from({ length: countChildren(index, prefix) }, (_, at) => readBlock(index, `${prefix}.${at}`));
  const [inputBlocks, middleBlock, outputBlocks] = [blocks("input_blocks"), readBlock(index, "middle_block"), blocks("output_blocks")];
  if (inputBlocks.length !== outputBlocks.length) {
    throw layoutError(`it has ${inputBlocks.length} input and ${outputBlocks.length} output blocks: there must be as many of both`);
  }
  const transformer = [...inputBlocks, middleBlock].flatMap(({ parts }) => parts).find(({ kind }) => kind === "transformer");
  if (!transformer) throw layoutError("it has no transformer that could read the prompt");
  return {
    inChannels,
    outChannels: index.shape("out.2.weight")[0]!,
    modelChannels,
    contextWidth: index.shape(`${transformer.path}.transformer_blocks.0.attn2.to_k.weight`)[1]!,
    linearProjection: index.shape(`${transformer.path}.proj_in.weight`).length === 2,
    inputBlocks,
    middleBlock,
    outputBlocks,
  };
}

function readBlock(index: ShapeIndex, path: string): UnetBlock {
  const count = countChildren(index, path);
  if (count === 0) throw layoutError(`the block "${path}" is missing`);
  return { path, parts: Array.from({ length: count }, (_, at) => readPart(index, `${path}.${at}`)) };
}

function readPart(index: ShapeIndex, path: string): UnetPart {
  if (index.has(`${path}.in_layers.2.weight`)) {
    const channels = index.shape(`${path}.in_layers.2.weight`)[0]!;
    if (index.shape(`${path}.emb_layers.1.weight`)[0] !== channels) {
      throw layoutError(`the residual block "${path}" scales by its timestep, which Stable Diffusion's don't`);
    }
    return { kind: "resBlock", path, channels };
  }
  if (index.has(`${path}.transformer_blocks.0.norm1.weight`)) {
    const depth = countChildren(index, `${path}.transformer_blocks`);
    return { kind: "transformer", path, channels: index.shape(`${path}.norm.weight`)[0]!, depth };
  }
  if (index.has(`${path}.op.weight`)) return { kind: "downsample", path };
  if (index.has(`${path}.conv.weight`)) return { kind: "upsample", path };
  if (index.has(`${path}.weight`) && index.shape(`${path}.weight`).length === 4) return { kind: "convolution", path };
  throw layoutError(`"${path}" is no residual block, transformer or resampling`);
}

function layoutError(problem: string): EngineError {
  return new EngineError("MODEL_LAYOUT", `could not read the UNet: ${problem}`);
}
