import { defineNode } from "../../defineNode.js";
import { combo, wire } from "../../inputs.js";
import { NodeError } from "../../nodeError.js";
import { picturesOfMask } from "../../pictures/asPictures.js";
import type { ImageValue } from "../../values.js";
import { resizeImage } from "../upscaling/imageMethods.js";
import { porterDuffOperators, type PorterDuffMode } from "./porterDuff.js";

/** Less alpha than this leaves no colour. */
const INVISIBLE = 1e-5;

export const porterDuffImageComposite = defineNode({
  type: "PorterDuffImageComposite",
  displayName: "Porter-Duff Image Composite",
  category: "image/compositing",
  description: "Composes two pictures and their masks of transparency (1 is transparent) by one of the Porter-Duff operators.",
  module: "comfy_extras.nodes_compositing",
  inputs: {
    source: wire("IMAGE"),
    source_alpha: wire("MASK"),
    destination: wire("IMAGE"),
    destination_alpha: wire("MASK"),
    mode: combo(Object.keys(porterDuffOperators) as PorterDuffMode[], { default: "DST" }),
  },
  outputs: { IMAGE: "IMAGE", MASK: "MASK" },
  run({ source, source_alpha, destination, destination_alpha, mode }, { memoryLimit }) {
    const { height, width, channels } = destination;
    if (source.channels !== channels)
      throw new NodeError(
        "NODE_IMAGE_CHANNELS",
        `Cannot compose pictures with ${source.channels} and ${channels} channels: both must have as many`,
      );
    const fit = (pictures: ImageValue): ImageValue =>
      pictures.height === height && pictures.width === width
        ? pictures
        : resizeImage(pictures, height, width, "bicubic", "center", memoryLimit);
    const [upper, upperMask, lowerMask] = [source, picturesOfMask(source_alpha), picturesOfMask(destination_alpha)].map(fit);
    const batch = Math.min(source.batch, source_alpha.batch, destination.batch, destination_alpha.batch);
    const operator = porterDuffOperators[mode];
    const image = new Float32Array(batch * height * width * channels);
    const mask = new Float32Array(batch * height * width);
    for (let i = 0; i < mask.length; i++) {
      const [a, b] = [1 - upperMask!.data[i]!, 1 - lowerMask!.data[i]!];
      const alpha = operator.alpha(0, 0, a, b);
      mask[i] = 1 - alpha;
      if (alpha <= INVISIBLE) continue;
      for (let c = i * channels; c < (i + 1) * channels; c++) {
        const colour = operator.colour(upper!.data[c]! * a, destination.data[c]! * b, a, b);
        image[c] = Math.min(Math.max(colour / alpha, 0), 1);
      }
    }
    return { IMAGE: { data: image, batch, height, width, channels }, MASK: { data: mask, batch, height, width } };
  },
});
