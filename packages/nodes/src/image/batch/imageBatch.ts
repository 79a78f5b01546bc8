import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { joinBatches } from "../../pictures/batch.js";
import { withChannels } from "../../pictures/channels.js";
import { resizeImage } from "../upscaling/imageMethods.js";

export const imageBatch = defineNode({
  type: "ImageBatch",
  displayName: "Batch Images (DEPRECATED)",
  category: "image/batch",
  description: "Puts pictures one after the other; the second ones are resized and cropped to the first ones' size.",
  deprecated: true,
  inputs: { image1: wire("IMAGE"), image2: wire("IMAGE") },
  outputs: { IMAGE: "IMAGE" },
  run({ image1, image2 }, { memoryLimit }) {
    const channels = Math.max(image1.channels, image2.channels);
    const first = withChannels(image1, channels, memoryLimit);
    const second = withChannels(image2, channels, memoryLimit);
    const { height, width } = first;
    const isFit = second.height === height && second.width === width;
    return {
      IMAGE: joinBatches(first, isFit ? second : resizeImage(second, height, width, "bilinear", "center", memoryLimit), memoryLimit),
    };
  },
});
