import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import { placeOver } from "../../pictures/placeOver.js";
import type { ImageValue } from "../../values.js";

const side = int({ default: 0, min: 0, max: 16384, step: 8 });

interface Sides {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const imagePadForOutpaint = defineNode({
  type: "ImagePadForOutpaint",
  displayName: "Pad Image for Outpainting",
  category: "image/transform",
  description: "Adds grey around pictures. The mask is 1 there and fades out into the pictures over some pixels.",
  inputs: {
    image: wire("IMAGE"),
    left: side,
    top: side,
    right: side,
    bottom: side,
    feathering: int({ default: 40, min: 0, max: 16384, step: 1, advanced: true }),
  },
  outputs: { IMAGE: "IMAGE", MASK: "MASK" },
  run({ image, feathering, ...sides }, { memoryLimit }) {
    const { left, top, right, bottom } = sides;
    const { batch, channels } = image;
    const [height, width] = [image.height + top + bottom, image.width + left + right];
    const grey = allocate("pictures", [batch, height, width, channels], memoryLimit).fill(0.5);
    const padded = placeOver({ data: grey, batch, height, width, channels }, image, { left, top });
    const outside = { data: allocate("a mask", [height, width], memoryLimit).fill(1), batch: 1, height, width, channels: 1 };
    const inside = { data: fade(image, sides, feathering), batch: 1, height: image.height, width: image.width, channels: 1 };
    const { data } = placeOver(outside, inside, { left, top });
    return { IMAGE: padded, MASK: { data, batch: 1, height, width } };
  },
});

/** A parabola that falls from 1 at each side that grows, by the distance to the nearest of them; none on pictures too small for it. */
function fade({ height, width }: ImageValue, { left, top, right, bottom }: Sides, feathering: number): Float32Array {
  const mask = new Float32Array(height * width);
  if (feathering === 0 || feathering * 2 >= height || feathering * 2 >= width) return mask;
  for (let y = 0; y < height; y++) {
    const rows = Math.min(top > 0 ? y : height, bottom > 0 ? height - y : height);
    for (let x = 0; x < width; x++) {
      const distance = Math.min(rows, left > 0 ? x : width, right > 0 ? width - x : width);
      if (distance < feathering) mask[y * width + x] = ((feathering - distance) / feathering) ** 2;
    }
  }
  return mask;
}
