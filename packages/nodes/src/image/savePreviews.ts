import { randomInt } from "node:crypto";
import { encodePng, metadataTexts } from "../files/encodePng.js";
import { outputName, writeOutput } from "../files/outputName.js";
import type { NodeContext } from "../nodeContext.js";
import type { ImageValue } from "../values.js";

/** Writes pictures to the temp folder, to be looked at. @throws NODE_IMAGE_CHANNELS */
export async function savePreviews(images: ImageValue, context: NodeContext): Promise<void> {
  // Names differ between runs so that a viewer never shows an old picture from its cache.
  const letters = Array.from({ length: 5 }, () => String.fromCharCode(97 + randomInt(26))).join("");
  const name = await outputName(`ComfyUI_temp_${letters}`, { type: "temp", ...images, isFresh: true }, context);
  const texts = metadataTexts(context.metadata);
  const size = { width: images.width, height: images.height };
  for (let index = 0; index < images.batch; index++) {
    context.signal.throwIfAborted();
    const bytes = await encodePng(images, index, { compression: 1, texts, signal: context.signal });
    await writeOutput(name, { index, kind: "images", extension: ".png", bytes, size }, context);
  }
}
