import { defineNode } from "../../defineNode.js";
import { combo, int, wire } from "../../inputs.js";
import { slidingExtreme } from "../../pictures/slidingExtreme.js";
import type { ImageValue } from "../../values.js";

type Operation = (image: ImageValue, size: number) => ImageValue;

/** The window at a pixel begins size / 2 before it: an even one reaches further up and left. */
const reach = (size: number): { before: number; after: number } => ({
  before: Math.floor(size / 2),
  after: size - Math.floor(size / 2) - 1,
});
const erode: Operation = (image, size) => slidingExtreme(image, reach(size), "min");
const dilate: Operation = (image, size) => slidingExtreme(image, reach(size), "max");
const open: Operation = (image, size) => dilate(erode(image, size), size);
const close: Operation = (image, size) => erode(dilate(image, size), size);

/** Grey-scale morphology with a square of `size` pixels. Source: Serra, Image Analysis and Mathematical Morphology (1982). */
const operations = {
  erode,
  dilate,
  open,
  close,
  gradient: (image, size) => subtract(dilate(image, size), erode(image, size)),
  bottom_hat: (image, size) => subtract(close(image, size), image),
  top_hat: (image, size) => subtract(image, open(image, size)),
} as const satisfies Record<string, Operation>;

export const morphology = defineNode({
  type: "Morphology",
  displayName: "Apply Morphology",
  category: "image/filters",
  description: "Shrinks or grows what is bright, closes or opens gaps, or shows edges and small parts, with a square of the given size.",
  module: "comfy_extras.nodes_morphology",
  inputs: {
    image: wire("IMAGE"),
    operation: combo(Object.keys(operations) as (keyof typeof operations)[]),
    kernel_size: int({ default: 3, min: 3, max: 999, step: 1 }),
  },
  outputs: { IMAGE: "IMAGE" },
  run: ({ image, operation, kernel_size }) => ({ IMAGE: operations[operation](image, kernel_size) }),
});

function subtract(first: ImageValue, second: ImageValue): ImageValue {
  return { ...first, data: first.data.map((value, i) => value - second.data[i]!) };
}
