import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";

export const imageInvert = defineNode({
  type: "ImageInvert",
  displayName: "Invert Image Colors",
  category: "image/color",
  description: "Turns every channel around: 1 - value.",
  inputs: { image: wire("IMAGE") },
  outputs: { IMAGE: "IMAGE" },
  run({ image }) {
    const data = new Float32Array(image.data.length);
    for (let i = 0; i < data.length; i++) data[i] = 1 - image.data[i]!;
    return { IMAGE: { ...image, data } };
  },
});
