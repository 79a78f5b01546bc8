import { defineNode } from "../defineNode.js";
import { wire } from "../inputs.js";
import { savePreviews } from "./savePreviews.js";

export const previewImage = defineNode({
  type: "PreviewImage",
  displayName: "Preview Image",
  category: "image",
  description: "Shows the pictures; they are kept in the temp folder only.",
  inputs: { images: wire("IMAGE") },
  hidden: { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" },
  outputs: { images: "IMAGE" },
  isOutputNode: true,
  async run({ images }, context) {
    await savePreviews(images, context);
    return { images };
  },
});
