import { resizeImage } from "../../image/upscaling/imageMethods.js";
import { defineNode } from "../../defineNode.js";
import { boolean, int, optional, wire } from "../../inputs.js";
import { latentOfPictures, picturesOfLatent, picturesOfMask } from "../../pictures/asPictures.js";
import { placeOver } from "../../pictures/placeOver.js";
import { expectChannels, fitBatch } from "./fitLatent.js";
import { resizeLatent } from "./latentMethods.js";

const place = int({ default: 0, min: 0, max: 16384, step: 8 });
/** Places are in pixels of the picture. */
const SCALE = 8;

export const latentCompositeMasked = defineNode({
  type: "LatentCompositeMasked",
  displayName: "Latent Composite Masked",
  category: "model/latent",
  description: "Lays the source over the destination at a place, only where the mask is 1; the mask takes the source's size.",
  module: "comfy_extras.nodes_mask",
  inputs: {
    destination: wire("LATENT"),
    source: wire("LATENT"),
    x: place,
    y: place,
    resize_source: boolean({ default: false }),
    mask: optional(wire("MASK")),
  },
  outputs: { LATENT: "LATENT" },
  run({ destination, source, x, y, resize_source, mask }, { memoryLimit }) {
    expectChannels(destination, source);
    const [batch, channels, height, width] = destination.shape;
    const sized = resize_source ? resizeLatent(source, height, width, "bilinear", "disabled", memoryLimit) : source;
    const upper = picturesOfLatent(fitBatch(sized, batch, memoryLimit));
    const placed = placeOver(picturesOfLatent(destination), upper, {
      left: Math.floor(x / SCALE),
      top: Math.floor(y / SCALE),
      mask: mask && resizeImage(picturesOfMask(mask), upper.height, upper.width, "bilinear", "disabled", memoryLimit),
      picturesPerMask: channels,
    });
    return { LATENT: latentOfPictures(destination, placed) };
  },
});
