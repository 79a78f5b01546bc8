import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";

export const setLatentNoiseMask = defineNode({
  type: "SetLatentNoiseMask",
  displayName: "Set Latent Noise Mask",
  category: "model/latent",
  description: "Limits sampling to where the mask is 1; the rest of the latent stays as it is.",
  inputs: { samples: wire("LATENT"), mask: wire("MASK") },
  outputs: { LATENT: "LATENT" },
  run: ({ samples, mask }) => ({ LATENT: { ...samples, noiseMask: mask } }),
});
