import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { rotate, rotationInput } from "../../pictures/turn.js";

export const imageRotate = defineNode({
  type: "ImageRotate",
  displayName: "Rotate Image",
  category: "image/transform",
  description: "Turns pictures clockwise by quarters.",
  module: "comfy_extras.nodes_images",
  inputs: { image: wire("IMAGE"), rotation: rotationInput },
  outputs: { IMAGE: "IMAGE" },
  run: ({ image, rotation }) => ({ IMAGE: rotate(image, rotation) }),
});
