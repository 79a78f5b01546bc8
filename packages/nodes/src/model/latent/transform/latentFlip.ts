import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";
import { latentOfPictures, picturesOfLatent } from "../../../pictures/asPictures.js";
import { flip, flipInput } from "../../../pictures/turn.js";

export const latentFlip = defineNode({
  type: "LatentFlip",
  displayName: "Flip Latent",
  category: "model/latent/transform",
  description: "Mirrors latents. Their mask stays as it is.",
  inputs: { samples: wire("LATENT"), flip_method: flipInput },
  outputs: { LATENT: "LATENT" },
  run: ({ samples, flip_method }) => ({ LATENT: latentOfPictures(samples, flip(picturesOfLatent(samples), flip_method)) }),
});
