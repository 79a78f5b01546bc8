import { defineNode } from "../../defineNode.js";
import { float, int, wire } from "../../inputs.js";
import { gaussianBlur } from "../../pictures/gaussianBlur.js";

export const imageSharpen = defineNode({
  type: "ImageSharpen",
  displayName: "Sharpen Image",
  category: "image/filters",
  description: "Sharpens pictures: ten times alpha of what a blur would take away is added.",
  module: "comfy_extras.nodes_post_processing",
  inputs: {
    image: wire("IMAGE"),
    sharpen_radius: int({ advanced: true, default: 1, min: 1, max: 31, step: 1 }),
    sigma: float({ advanced: true, default: 1, min: 0.1, max: 10, step: 0.01 }),
    alpha: float({ advanced: true, default: 1, min: 0, max: 5, step: 0.01 }),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image, sharpen_radius, sigma, alpha }) {
    const blurred = gaussianBlur(image, sharpen_radius, sigma);
    const data = image.data.map((value, i) => Math.min(Math.max(value + 10 * alpha * (value - blurred.data[i]!), 0), 1));
    return { IMAGE: { ...image, data } };
  },
});
