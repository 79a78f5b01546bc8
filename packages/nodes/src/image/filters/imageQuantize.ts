import { defineNode } from "../../defineNode.js";
import { combo, int, wire } from "../../inputs.js";
import { expectColours } from "../../pictures/channels.js";
import type { ImageValue } from "../../values.js";
import { medianCut } from "./medianCut.js";
import { toDiffused, toNearest, toPatterned, type Pixels } from "./toPalette.js";

const dithers = {
  none: toNearest,
  "floyd-steinberg": toDiffused,
  "bayer-2": (pixels, palette) => toPatterned(pixels, palette, 1),
  "bayer-4": (pixels, palette) => toPatterned(pixels, palette, 2),
  "bayer-8": (pixels, palette) => toPatterned(pixels, palette, 3),
  "bayer-16": (pixels, palette) => toPatterned(pixels, palette, 4),
} as const satisfies Record<string, typeof toNearest>;

export const imageQuantize = defineNode({
  type: "ImageQuantize",
  displayName: "Quantize Image",
  category: "image/filters",
  description: "Paints each picture in a few of its own colours; dithering mixes them to what lies between. Alpha is left away.",
  module: "comfy_extras.nodes_post_processing",
  inputs: {
    image: wire("IMAGE"),
    colors: int({ default: 256, min: 1, max: 256, step: 1 }),
    dither: combo(Object.keys(dithers) as (keyof typeof dithers)[]),
  },
  outputs: { IMAGE: "IMAGE" },
  run({ image, colors, dither }) {
    expectColours(image, "image");
    const { batch, height, width } = image;
    const data = new Float32Array(batch * height * width * 3);
    for (let n = 0; n < batch; n++) {
      const pixels = bytesOf(image, n);
      const painted = dithers[dither](pixels, medianCut(pixels.data, colors));
      painted.data.forEach((byte, i) => (data[n * painted.data.length + i] = byte / 255));
    }
    return { IMAGE: { data, batch, height, width, channels: 3 } };
  },
});

/** One picture in 8 bits, cut off, without alpha. */
function bytesOf({ data, height, width, channels }: ImageValue, index: number): Pixels {
  const bytes = new Uint8Array(height * width * 3);
  const first = index * height * width * channels;
  for (let i = 0; i < bytes.length; i++) {
    const value = Math.fround(data[first + Math.floor(i / 3) * channels + (i % 3)]! * 255);
    bytes[i] = Math.min(Math.max(value, 0), 255);
  }
  return { data: bytes, height, width };
}
