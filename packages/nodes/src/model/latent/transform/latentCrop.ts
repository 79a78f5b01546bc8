import { defineNode } from "../../../defineNode.js";
import { int, wire } from "../../../inputs.js";
import { latentOfPictures, picturesOfLatent } from "../../../pictures/asPictures.js";
import { cut } from "../../../pictures/cut.js";

const size = int({ default: 512, min: 64, max: 16384, step: 8 });
const place = int({ default: 0, min: 0, max: 16384, step: 8 });
/** Pixels of the picture for each of a latent. */
const SCALE = 8;
/** No side of the result is smaller, where the latent has as much. */
const SMALLEST = 8;

export const latentCrop = defineNode({
  type: "LatentCrop",
  displayName: "Crop Latent",
  category: "model/latent/transform",
  description: "Cuts a rectangle out of latents, given in pixels of the picture; at least 64×64 of them. Their mask stays as it is.",
  inputs: { samples: wire("LATENT"), width: size, height: size, x: place, y: place },
  outputs: { LATENT: "LATENT" },
  run({ samples, width, height, x, y }) {
    const pictures = picturesOfLatent(samples);
    const start = (pixels: number, side: number): number => Math.min(Math.floor(pixels / SCALE), Math.max(0, side - SMALLEST));
    const cropped = cut(
      pictures,
      start(x, pictures.width),
      start(y, pictures.height),
      Math.floor(width / SCALE),
      Math.floor(height / SCALE),
    );
    return { LATENT: latentOfPictures(samples, cropped) };
  },
});
