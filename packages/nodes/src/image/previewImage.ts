import { randomInt } from "node:crypto";
import { defineNode } from "../defineNode.js";
import { encodePng, metadataTexts } from "../files/encodePng.js";
import { outputName, writeOutput } from "../files/outputName.js";
import { wire } from "../inputs.js";

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
    // Names differ between runs so that a viewer never shows an old picture from its cache.
    const letters = Array.from({ length: 5 }, () => String.fromCharCode(97 + randomInt(26))).join("");
    const name = await outputName(`ComfyUI_temp_${letters}`, { type: "temp", ...images, isFresh: true }, context);
    const texts = metadataTexts(context.metadata);
    for (let index = 0; index < images.batch; index++) {
      context.signal.throwIfAborted();
      const bytes = await encodePng(images, index, { compression: 1, texts, signal: context.signal });
      await writeOutput(
        name,
        { index, kind: "images", extension: ".png", bytes, size: { width: images.width, height: images.height } },
        context,
      );
    }
    return { images };
  },
});
