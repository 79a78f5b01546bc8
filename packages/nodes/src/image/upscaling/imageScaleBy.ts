import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { float, wire } from "../../inputs.js";
import { imageMethods, resizeImage } from "./imageMethods.js";

export const imageScaleBy = defineNode({
  type: "ImageScaleBy",
  displayName: "Upscale Image By",
  category: "image/upscaling",
  description: "Resizes pictures by a factor.",
  inputs: { image: wire("IMAGE"), upscale_method: imageMethods, scale_by: float({ default: 1, min: 0.01, max: 8, step: 0.01 }) },
  outputs: { IMAGE: "IMAGE" },
  run({ image, upscale_method, scale_by }, { memoryLimit }) {
    const height = Math.max(1, roundHalfEven(image.height * scale_by));
    const width = Math.max(1, roundHalfEven(image.width * scale_by));
    return { IMAGE: resizeImage(image, height, width, upscale_method, "disabled", memoryLimit) };
  },
});
