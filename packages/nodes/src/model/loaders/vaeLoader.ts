import { loadAutoencoder } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { modelFile } from "../../inputs.js";

export const vaeLoader = defineNode({
  type: "VAELoader",
  displayName: "Load VAE",
  category: "model/loaders",
  description: "Opens an autoencoder from a file of its own.",
  inputs: { vae_name: modelFile("vae") },
  outputs: { VAE: "VAE" },
  run: async ({ vae_name }, { models }) => ({ VAE: await loadAutoencoder(await models.resolve("vae", vae_name)) }),
});
