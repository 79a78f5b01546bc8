import { defineNode } from "../defineNode.js";
import { allocate } from "../allocate.js";
import { decodeImage, imageExtensions, type DecodedImage } from "../files/decodeImage.js";
import { inputPath } from "../files/inputPath.js";
import { inputFile } from "../inputs.js";
import type { MaskValue } from "../values.js";

export const loadImage = defineNode({
  type: "LoadImage",
  displayName: "Load Image",
  category: "image",
  description: "Reads a picture from the input folder. The mask is 1 where the picture is transparent.",
  inputs: { image: inputFile(imageExtensions, { image_upload: true }) },
  outputs: { IMAGE: "IMAGE", MASK: "MASK" },
  async run({ image }, context) {
    const decoded = await decodeImage(await inputPath(image, context));
    const { width, height, channels, data, full } = decoded;
    const pixels = allocate("a picture", [height, width, 3], context.memoryLimit);
    for (let i = 0; i < width * height; i++) {
      for (let c = 0; c < 3; c++) pixels[i * 3 + c] = data[i * channels + c]! / full;
    }
    return {
      IMAGE: { data: pixels, batch: 1, height, width, channels: 3 },
      MASK: channels === 4 ? transparency(decoded) : { data: new Float32Array(64 * 64), batch: 1, height: 64, width: 64 },
    };
  },
});

/** 1 - alpha of a picture that has alpha. */
export function transparency({ width, height, data, full }: DecodedImage): MaskValue {
  const mask = new Float32Array(width * height);
  for (let i = 0; i < mask.length; i++) mask[i] = 1 - Math.fround(data[i * 4 + 3]! / full);
  return { data: mask, batch: 1, height, width };
}
