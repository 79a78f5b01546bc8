import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { picturesOfMask } from "../../pictures/asPictures.js";
import { expectColours } from "../../pictures/channels.js";
import { resizeImage } from "../upscaling/imageMethods.js";

export const joinImageWithAlpha = defineNode({
  type: "JoinImageWithAlpha",
  displayName: "Join Image with Alpha",
  category: "image/compositing",
  description: "Gives pictures transparency: they are transparent where the mask is 1. Of the smaller batch all are used again.",
  module: "comfy_extras.nodes_compositing",
  inputs: { image: wire("IMAGE"), alpha: wire("MASK") },
  outputs: { IMAGE: "IMAGE" },
  run({ image, alpha }, { memoryLimit }) {
    expectColours(image, "image");
    const { height, width, channels } = image;
    const mask = resizeImage(picturesOfMask(alpha), height, width, "bilinear", "disabled", memoryLimit);
    const batch = Math.max(image.batch, mask.batch);
    const data = allocate("pictures", [batch, height, width, 4], memoryLimit);
    const size = height * width;
    for (let n = 0; n < batch; n++) {
      const [imageFrom, maskFrom] = [(n % image.batch) * size, (n % mask.batch) * size];
      for (let i = 0; i < size; i++) {
        const to = (n * size + i) * 4;
        for (let c = 0; c < 3; c++) data[to + c] = image.data[(imageFrom + i) * channels + c]!;
        data[to + 3] = 1 - mask.data[maskFrom + i]!;
      }
    }
    return { IMAGE: { data, batch, height, width, channels: 4 } };
  },
});
