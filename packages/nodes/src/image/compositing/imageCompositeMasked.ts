import { defineNode } from "../../defineNode.js";
import { boolean, int, optional, wire } from "../../inputs.js";
import { picturesOfMask } from "../../pictures/asPictures.js";
import { repeatToBatch } from "../../pictures/batch.js";
import { withChannels } from "../../pictures/channels.js";
import { placeOver } from "../../pictures/placeOver.js";
import { resizeImage } from "../upscaling/imageMethods.js";

const place = int({ default: 0, min: 0, max: 16384, step: 1 });

export const imageCompositeMasked = defineNode({
  type: "ImageCompositeMasked",
  displayName: "Image Composite Masked",
  category: "image/compositing",
  description: "Lays the source over the destination at a place, only where the mask is 1; the mask takes the source's size.",
  module: "comfy_extras.nodes_mask",
  inputs: {
    destination: wire("IMAGE"),
    source: wire("IMAGE"),
    x: place,
    y: place,
    resize_source: boolean({ default: false }),
    mask: optional(wire("MASK")),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ destination, source, x, y, resize_source, mask }, { memoryLimit }) {
    const { batch, height, width, channels } = destination;
    const fitted = withChannels(source, channels, memoryLimit);
    const sized = resize_source ? resizeImage(fitted, height, width, "bilinear", "disabled", memoryLimit) : fitted;
    const upper = repeatToBatch(sized, batch, memoryLimit);
    const fittedMask = mask && resizeImage(picturesOfMask(mask), upper.height, upper.width, "bilinear", "disabled", memoryLimit);
    return { IMAGE: placeOver(destination, upper, { left: x, top: y, mask: fittedMask }) };
  },
});
