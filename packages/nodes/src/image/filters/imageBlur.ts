import { defineNode } from "../../defineNode.js";
import { float, int, wire } from "../../inputs.js";
import { gaussianBlur } from "../../pictures/gaussianBlur.js";

export const imageBlur = defineNode({
  type: "ImageBlur",
  displayName: "Blur Image",
  category: "image/filters",
  description: "Blurs pictures with a Gaussian window; sigma is in units of the radius.",
  module: "comfy_extras.nodes_post_processing",
  inputs: {
    image: wire("IMAGE"),
    blur_radius: int({ default: 1, min: 1, max: 31, step: 1 }),
    sigma: float({ default: 1, min: 0.1, max: 10, step: 0.1 }),
  },
  outputs: { IMAGE: "IMAGE" },
  run: ({ image, blur_radius, sigma }) => ({ IMAGE: gaussianBlur(image, blur_radius, sigma) }),
});
