import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import { cut } from "../../pictures/cut.js";

const size = int({ default: 512, min: 1, max: 16384, step: 1 });
const place = int({ default: 0, min: 0, max: 16384, step: 1 });

export const imageCrop = defineNode({
  type: "ImageCrop",
  displayName: "Crop Image (DEPRECATED)",
  category: "image/transform",
  description: "Cuts a rectangle out of pictures; what would lie outside of them is left away.",
  module: "comfy_extras.nodes_images",
  deprecated: true,
  inputs: { image: wire("IMAGE"), width: size, height: size, x: place, y: place },
  outputs: { IMAGE: "IMAGE" },
  run: ({ image, width, height, x, y }) => ({
    IMAGE: cut(image, Math.min(x, image.width - 1), Math.min(y, image.height - 1), width, height),
  }),
});
