import { defineNode } from "../defineNode.js";
import { wire } from "../inputs.js";

export const getImageSize = defineNode({
  type: "GetImageSize",
  displayName: "Get Image Size",
  category: "image",
  description: "The width and height of pictures, and how many they are.",
  module: "comfy_extras.nodes_images",
  inputs: { image: wire("IMAGE") },
  hidden: { unique_id: "UNIQUE_ID" },
  outputs: { width: "INT", height: "INT", batch_size: "INT" },
  run: ({ image: { width, height, batch } }) => ({ width, height, batch_size: batch }),
});
