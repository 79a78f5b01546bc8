import { countChildren, type ShapeIndex } from "../../../weights/shapeIndex.js";

/** Original names of what has a name of its own in diffusers' AutoencoderKL; older files call attention's parts otherwise. */
const RENAMED: readonly (readonly [RegExp, string])[] = [
  [/^((?:en|de)coder)\.conv_norm_out\./, "$1.norm_out."],
  [/\.mid_block\.resnets\.0\./, ".mid.block_1."],
  [/\.mid_block\.resnets\.1\./, ".mid.block_2."],
  [/\.mid_block\.attentions\.0\.group_norm\./, ".mid.attn_1.norm."],
  [/\.mid_block\.attentions\.0\.(?:to_q|query)\./, ".mid.attn_1.q."],
  [/\.mid_block\.attentions\.0\.(?:to_k|key)\./, ".mid.attn_1.k."],
  [/\.mid_block\.attentions\.0\.(?:to_v|value)\./, ".mid.attn_1.v."],
  [/\.mid_block\.attentions\.0\.(?:to_out\.0|proj_attn)\./, ".mid.attn_1.proj_out."],
  [/\.conv_shortcut\./, ".nin_shortcut."],
];

/** Gives diffusers' tensor names their original ones: levels of the decoder are counted from the other end. */
export function originalAutoencoderName(index: ShapeIndex): (name: string) => string {
  const levels = countChildren(index, "decoder.up_blocks");
  return (name) => {
    const level = (side: string, at: string): string => (side === "down" ? `down.${at}` : `up.${levels - 1 - Number(at)}`);
    return RENAMED.reduce((result, [pattern, original]) => result.replace(pattern, original), name)
      .replace(/\.(down|up)_blocks\.(\d+)\.resnets\.(\d+)\./, (_, side: string, at: string, i: string) => `.${level(side, at)}.block.${i}.`)
      .replace(/\.(down|up)_blocks\.(\d+)\.(down|up)samplers\.0\./, (_, side: string, at: string) => `.${level(side, at)}.${side}sample.`);
  };
}
