import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { picturesOfMask } from "../../pictures/asPictures.js";
import { savePreviews } from "../savePreviews.js";

export const maskPreview = defineNode({
  type: "MaskPreview",
  displayName: "Preview Mask",
  category: "image/mask",
  description: "Shows a mask as grey pictures; they are kept in the temp folder only.",
  module: "comfy_extras.nodes_mask",
  inputs: { mask: wire("MASK") },
  hidden: { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" },
  outputs: { mask: "MASK" },
  isOutputNode: true,
  async run({ mask }, context) {
    await savePreviews(picturesOfMask(mask), context);
    return { mask };
  },
});
