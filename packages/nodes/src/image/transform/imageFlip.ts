import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { flip, flipInput } from "../../pictures/turn.js";

export const imageFlip = defineNode({
  type: "ImageFlip",
  displayName: "Flip Image",
  category: "image/transform",
  description: "Mirrors pictures.",
  module: "comfy_extras.nodes_images",
  inputs: { image: wire("IMAGE"), flip_method: flipInput },
  outputs: { IMAGE: "IMAGE" },
  run: ({ image, flip_method }) => ({ IMAGE: flip(image, flip_method) }),
});
