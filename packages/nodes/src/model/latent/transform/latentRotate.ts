import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";
import { latentOfPictures, picturesOfLatent } from "../../../pictures/asPictures.js";
import { rotate, rotationInput } from "../../../pictures/turn.js";

export const latentRotate = defineNode({
  type: "LatentRotate",
  displayName: "Rotate Latent",
  category: "model/latent/transform",
  description: "Turns latents clockwise by quarters. Their mask stays as it is.",
  inputs: { samples: wire("LATENT"), rotation: rotationInput },
  outputs: { LATENT: "LATENT" },
  run: ({ samples, rotation }) => ({ LATENT: latentOfPictures(samples, rotate(picturesOfLatent(samples), rotation)) }),
});
