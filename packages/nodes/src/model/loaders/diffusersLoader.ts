import { loadCheckpoint } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { modelFile } from "../../inputs.js";

export const diffusersLoader = defineNode({
  type: "DiffusersLoader",
  displayName: "Load Diffusers Model (DEPRECATED)",
  category: "model/loaders",
  description: "Opens a model from a folder as diffusers saves it.",
  deprecated: true,
  inputs: { model_path: modelFile("diffusers") },
  outputs: { MODEL: "MODEL", CLIP: "CLIP", VAE: "VAE" },
  async run({ model_path }, { models }) {
    const { model, clip, vae } = await loadCheckpoint(await models.resolve("diffusers", model_path));
    return { MODEL: model, CLIP: clip, VAE: vae };
  },
});
