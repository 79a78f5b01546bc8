import { defineNode } from "../../defineNode.js";
import { wire } from "../../inputs.js";
import { engineOptions } from "../engineOptions.js";
import { imageOf } from "./tensors.js";

export const vaeDecode = defineNode({
  type: "VAEDecode",
  displayName: "VAE Decode",
  category: "model/latent",
  description: "Turns latents into pictures.",
  inputs: { samples: wire("LATENT"), vae: wire("VAE") },
  outputs: { IMAGE: "IMAGE" },
  run: async ({ samples, vae }, context) => ({
    IMAGE: imageOf(await vae.decode({ data: samples.samples, shape: samples.shape }, engineOptions(context))),
  }),
});
