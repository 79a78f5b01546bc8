import type { ShapeIndex } from "../../../weights/shapeIndex.js";

/**
 * Whether the tensors are a UNet of Stable Diffusion 1 or 2 whose transformers project by convolutions or by matrices. SDXL's, which
 * embeds more than the prompt (`label_emb`), is neither.
 */
export function hasUnetTransformers(index: ShapeIndex, projection: "convolution" | "matrix"): boolean {
  if (!index.has("input_blocks.0.0.weight") || !index.has("out.2.weight") || index.hasPrefix("label_emb.")) return false;
  for (const name of index.names) {
    if (/^input_blocks\.\d+\.1\.proj_in\.weight$/.test(name)) return index.shape(name).length === (projection === "matrix" ? 2 : 4);
  }
  return false;
}
