import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import { runOfBatch } from "../../pictures/batch.js";

export const imageFromBatch = defineNode({
  type: "ImageFromBatch",
  displayName: "Get Image from Batch",
  category: "image/batch",
  description: "Takes some pictures out of a batch. A negative index counts from the end.",
  module: "comfy_extras.nodes_images",
  inputs: {
    image: wire("IMAGE"),
    batch_index: int({ default: 0, min: -16384, max: 16384 }),
    length: int({ default: 1, min: 1, max: 4096 }),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image, batch_index, length }) {
    const { first, count } = runOfBatch(image.batch, batch_index, length);
    const size = image.data.length / image.batch;
    return { IMAGE: { ...image, data: image.data.slice(first * size, (first + count) * size), batch: count } };
  },
});
