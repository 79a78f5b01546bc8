import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { engineOptions } from "../engineOptions.js";
import { latentOf, tensorOf } from "./tensors.js";

export const vaeEncode = defineNode({
  type: "VAEEncode",
  displayName: "VAE Encode",
  category: "model/latent",
  description: "Turns pictures into latents. Sides that aren't multiples of 8 are cropped around the middle.",
  inputs: { pixels: wire("IMAGE"), vae: wire("VAE") },
  outputs: { LATENT: "LATENT" },
  run: async ({ pixels, vae }, context) => ({ LATENT: latentOf(await vae.encode(tensorOf(pixels), engineOptions(context))) }),
});
