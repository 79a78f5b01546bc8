import { countChildren, type ShapeIndex } from "../../../weights/shapeIndex.js";
import type { UnetConfig } from "./unetConfig.js";

interface Level {
  readonly resBlocks: number;
  readonly attention: boolean;
}

/** The levels of a UNet from full resolution down: what the numbering of both namings follows from. */
export interface UnetLevels {
  readonly down: readonly Level[];
  readonly up: readonly Level[];
}

/** Modules of a residual block: the original name, the one in diffusers. */
const RES_BLOCK = [
  ["in_layers.0", "norm1"],
  ["in_layers.2", "conv1"],
  ["emb_layers.1", "time_emb_proj"],
  ["out_layers.0", "norm2"],
  ["out_layers.3", "conv2"],
  ["skip_connection", "conv_shortcut"],
] as const;

const ENDS = [
  ["time_embed.0", "time_embedding.linear_1"],
  ["time_embed.2", "time_embedding.linear_2"],
  ["input_blocks.0.0", "conv_in"],
  ["out.0", "conv_norm_out"],
  ["out.2", "conv_out"],
] as const;

/** The levels of a UNet with original names. */
export function levelsOf({ inputBlocks, outputBlocks }: UnetConfig): UnetLevels {
  const levels = (blocks: UnetConfig["inputBlocks"], ending: "downsample" | "upsample"): Level[] => {
    const found: { resBlocks: number; attention: boolean }[] = [{ resBlocks: 0, attention: false }];
    for (const { parts } of blocks) {
      const level = found.at(-1)!;
      if (parts.some(({ kind }) => kind === "resBlock")) level.resBlocks++;
      if (parts.some(({ kind }) => kind === "transformer")) level.attention = true;
      if (parts.some(({ kind }) => kind === ending)) found.push({ resBlocks: 0, attention: false });
    }
    return found;
  };
  return { down: levels(inputBlocks, "downsample"), up: levels(outputBlocks, "upsample") };
}

/** The levels of a UNet with the names of diffusers. */
export function levelsOfDiffusers(index: ShapeIndex): UnetLevels {
  const levels = (side: string): Level[] =>
    Array.from({ length: countChildren(index, side) }, (_, at) => ({
      resBlocks: countChildren(index, `${side}.${at}.resnets`),
      attention: index.hasPrefix(`${side}.${at}.attentions.0.`),
    }));
  return { down: levels("down_blocks"), up: levels("up_blocks") };
}

/**
 * Pairs of module paths, the original and the one in diffusers' UNet2DConditionModel, which both stand before the same
 * rest of a name (`.weight`, or everything inside a transformer).
 */
export function unetNamePairs({ down, up }: UnetLevels): (readonly [original: string, diffusers: string])[] {
  const pairs: (readonly [string, string])[] = [...ENDS];
  const resBlock = (original: string, diffusers: string): void => {
    for (const [ours, theirs] of RES_BLOCK) pairs.push([`${original}.${ours}`, `${diffusers}.${theirs}`]);
  };
  let at = 1;
  down.forEach(({ resBlocks, attention }, level) => {
    for (let i = 0; i < resBlocks; i++, at++) {
      resBlock(`input_blocks.${at}.0`, `down_blocks.${level}.resnets.${i}`);
      if (attention) pairs.push([`input_blocks.${at}.1`, `down_blocks.${level}.attentions.${i}`]);
    }
    if (level + 1 < down.length) pairs.push([`input_blocks.${at++}.0.op`, `down_blocks.${level}.downsamplers.0.conv`]);
  });
  resBlock("middle_block.0", "mid_block.resnets.0");
  pairs.push(["middle_block.1", "mid_block.attentions.0"]);
  resBlock("middle_block.2", "mid_block.resnets.1");
  at = 0;
  up.forEach(({ resBlocks, attention }, level) => {
    for (let i = 0; i < resBlocks; i++, at++) {
      resBlock(`output_blocks.${at}.0`, `up_blocks.${level}.resnets.${i}`);
      if (attention) pairs.push([`output_blocks.${at}.1`, `up_blocks.${level}.attentions.${i}`]);
    }
    if (level + 1 < up.length) pairs.push([`output_blocks.${at - 1}.${attention ? 2 : 1}.conv`, `up_blocks.${level}.upsamplers.0.conv`]);
  });
  return pairs;
}

/** Gives diffusers' tensor names their original ones; other names give undefined. */
export function originalUnetName(index: ShapeIndex): (name: string) => string | undefined {
  const originals = new Map(unetNamePairs(levelsOfDiffusers(index)).map(([original, diffusers]) => [diffusers, original]));
  return (name) => {
    for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
      const original = originals.get(name.slice(0, dot));
      if (original !== undefined) return original + name.slice(dot);
    }
    return undefined;
  };
}
