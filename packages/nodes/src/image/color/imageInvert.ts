import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";

export const imageInvert = defineNode({
  type: "ImageInvert",
  displayName: "Invert Image Colors",
  category: "image/color",
  description: "Turns every channel around: 1 - value.",
  inputs: { image: wire("IMAGE") },
  outputs: { IMAGE: "IMAGE" },
  run: ({ image }) => ({ IMAGE: { ...image, data: image.data.map((value) => 1 - value) } }),
});
