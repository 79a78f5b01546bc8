import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { float, int, wire } from "../../inputs.js";
import { imageMethods, resizeImage } from "./imageMethods.js";

const MEGAPIXEL = 1024 * 1024;

export const imageScaleToTotalPixels = defineNode({
  type: "ImageScaleToTotalPixels",
  displayName: "Scale Image to Total Pixels",
  category: "image/upscaling",
  description: "Resizes pictures in their proportions to a number of megapixels (1024² pixels); sides become multiples of the steps.",
  module: "comfy_extras.nodes_post_processing",
  inputs: {
    image: wire("IMAGE"),
    upscale_method: imageMethods,
    megapixels: float({ default: 1, min: 0.01, max: 16, step: 0.01 }),
    resolution_steps: int({ advanced: true, default: 1, min: 1, max: 256 }),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image, upscale_method, megapixels, resolution_steps: steps }, { memoryLimit }) {
    const scale = Math.sqrt((megapixels * MEGAPIXEL) / (image.width * image.height));
    const scaled = (side: number): number => Math.max(1, roundHalfEven((side * scale) / steps)) * steps;
    return { IMAGE: resizeImage(image, scaled(image.height), scaled(image.width), upscale_method, "disabled", memoryLimit) };
  },
});
