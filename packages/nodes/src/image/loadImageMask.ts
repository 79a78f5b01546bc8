import { defineNode } from "../defineNode.js";
import { decodeImage, imageExtensions } from "../files/decodeImage.js";
import { inputPath } from "../files/inputPath.js";
import { combo, inputFile } from "../inputs.js";
import { transparency } from "./loadImage.js";

export const loadImageMask = defineNode({
  type: "LoadImageMask",
  displayName: "Load Image (as Mask)",
  category: "image",
  description: "Reads one channel of a picture from the input folder as a mask; alpha is turned around, so that transparent is 1.",
  inputs: { image: inputFile(imageExtensions, { image_upload: true }), channel: combo(["alpha", "red", "green", "blue"]) },
  outputs: { MASK: "MASK" },
  async run({ image, channel }, context) {
    const decoded = await decodeImage(await inputPath(image, context));
    const { width, height, channels, data, full } = decoded;
    if (channel === "alpha" && channels === 4) return { MASK: transparency(decoded) };
    const mask = new Float32Array(width * height);
    const at = ["red", "green", "blue"].indexOf(channel);
    // A picture without alpha is opaque everywhere.
    if (at >= 0) for (let i = 0; i < mask.length; i++) mask[i] = data[i * channels + at]! / full;
    return { MASK: { data: mask, batch: 1, height, width } };
  },
});
