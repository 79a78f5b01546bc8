import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import { repeatToBatch } from "../../pictures/batch.js";

export const repeatImageBatch = defineNode({
  type: "RepeatImageBatch",
  displayName: "Repeat Image Batch",
  category: "image/batch",
  description: "Repeats a batch of pictures.",
  module: "comfy_extras.nodes_images",
  inputs: { image: wire("IMAGE"), amount: int({ default: 1, min: 1, max: 4096 }) },
  outputs: { IMAGE: "IMAGE" },
  run: ({ image, amount }, { memoryLimit }) => ({ IMAGE: repeatToBatch(image, image.batch * amount, memoryLimit) }),
});
