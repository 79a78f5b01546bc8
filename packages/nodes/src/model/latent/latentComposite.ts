import { defineNode } from "../../defineNode.js";
import { int, wire } from "../../inputs.js";
import { latentOfPictures, picturesOfLatent } from "../../pictures/asPictures.js";
import { edgeRamp } from "../../pictures/edgeRamp.js";
import { placeOver } from "../../pictures/placeOver.js";
import type { LatentValue, MaskValue } from "../../values.js";
import { expectChannels, fitBatch } from "./fitLatent.js";

const place = int({ default: 0, min: 0, max: 16384, step: 8 });
/** Places and sizes are in pixels of the picture. */
const SCALE = 8;

export const latentComposite = defineNode({
  type: "LatentComposite",
  displayName: "Latent Composite",
  category: "model/latent",
  description: "Lays latents over others at a place, fading in over some pixels at sides that don't lie on the border.",
  inputs: { samples_to: wire("LATENT"), samples_from: wire("LATENT"), x: place, y: place, feather: place },
  outputs: { LATENT: "LATENT" },
  run({ samples_to, samples_from, x, y, feather }, { memoryLimit }) {
    expectChannels(samples_to, samples_from);
    const upper = fitBatch(samples_from, samples_to.shape[0], memoryLimit);
    const [left, top, over] = [x, y, feather].map((pixels) => Math.floor(pixels / SCALE)) as [number, number, number];
    const mask = over > 0 ? featherMask(upper, samples_to, left, top, over) : undefined;
    const placed = placeOver(picturesOfLatent(samples_to), picturesOfLatent(upper), { left, top, mask });
    return { LATENT: latentOfPictures(samples_to, placed) };
  },
});

function featherMask(upper: LatentValue, lower: LatentValue, left: number, top: number, over: number): MaskValue {
  const [, , height, width] = upper.shape;
  const rows = edgeRamp(height, top > 0 ? over : 0, top + height < lower.shape[2] ? over : 0);
  const columns = edgeRamp(width, left > 0 ? over : 0, left + width < lower.shape[3] ? over : 0);
  const data = Float32Array.from({ length: height * width }, (_, i) => rows[Math.floor(i / width)]! * columns[i % width]!);
  return { data, batch: 1, height, width };
}
