import { defineNode } from "../defineNode.js";
import { encodePng, metadataTexts } from "../files/encodePng.js";
import { outputName, writeOutput } from "../files/outputName.js";
import { string, wire } from "../inputs.js";

export const saveImage = defineNode({
  type: "SaveImage",
  displayName: "Save Image",
  category: "image",
  description: "Writes the pictures to the output folder as PNG files that carry the graph.",
  inputs: { images: wire("IMAGE"), filename_prefix: string({ default: "ComfyUI" }) },
  hidden: { prompt: "PROMPT", extra_pnginfo: "EXTRA_PNGINFO" },
  outputs: { images: "IMAGE" },
  isOutputNode: true,
  async run({ images, filename_prefix }, context) {
    const name = await outputName(filename_prefix, { type: "output", ...images }, context);
    const texts = metadataTexts(context.metadata);
    for (let index = 0; index < images.batch; index++) {
      context.signal.throwIfAborted();
      const bytes = await encodePng(images, index, { compression: 4, texts, signal: context.signal });
      await writeOutput(
        name,
        { index, kind: "images", extension: ".png", bytes, size: { width: images.width, height: images.height } },
        context,
      );
    }
    return { images };
  },
});
