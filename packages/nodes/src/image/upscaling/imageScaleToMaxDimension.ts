import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { combo, int, wire } from "../../inputs.js";
import { resizeImage } from "./imageMethods.js";

export const imageScaleToMaxDimension = defineNode({
  type: "ImageScaleToMaxDimension",
  displayName: "Scale Image to Max Dimension",
  category: "image/upscaling",
  description: "Resizes pictures in their proportions so that the longer side has the given size.",
  module: "comfy_extras.nodes_images",
  inputs: {
    image: wire("IMAGE"),
    // ComfyUI lists bilinear twice.
    upscale_method: combo(["area", "lanczos", "bilinear", "nearest-exact", "bilinear", "bicubic"]),
    largest_size: int({ default: 512, min: 0, max: 16384, step: 1 }),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image, upscale_method, largest_size }, { memoryLimit }) {
    const { height, width } = image;
    const followed = Math.max(1, roundHalfEven((Math.min(height, width) / Math.max(height, width)) * largest_size));
    const [high, wide] = height >= width ? [largest_size, height === width ? largest_size : followed] : [followed, largest_size];
    return { IMAGE: resizeImage(image, high, wide, upscale_method, "disabled", memoryLimit) };
  },
});
