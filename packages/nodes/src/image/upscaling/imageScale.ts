import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { combo, int, wire } from "../../inputs.js";
import { imageMethods, resizeImage } from "./imageMethods.js";

export const imageScale = defineNode({
  type: "ImageScale",
  displayName: "Upscale Image",
  category: "image/upscaling",
  description: "Resizes pictures. A side of 0 follows from the other one and the proportions; two leave the picture as it is.",
  inputs: {
    image: wire("IMAGE"),
    upscale_method: imageMethods,
    width: int({ default: 512, min: 0, max: 16384, step: 1 }),
    height: int({ default: 512, min: 0, max: 16384, step: 1 }),
    crop: combo(["disabled", "center"]),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image, upscale_method, width, height, crop }, { memoryLimit }) {
    if (width === 0 && height === 0) return { IMAGE: image };
    const wide = width || Math.max(1, roundHalfEven((image.width * height) / image.height));
    const high = height || Math.max(1, roundHalfEven((image.height * width) / image.width));
    return { IMAGE: resizeImage(image, high, wide, upscale_method, crop, memoryLimit) };
  },
});
