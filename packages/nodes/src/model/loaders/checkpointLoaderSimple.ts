import { loadCheckpoint } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { modelFile } from "../../inputs.js";

export const checkpointLoaderSimple = defineNode({
  type: "CheckpointLoaderSimple",
  displayName: "Load Checkpoint",
  category: "model/loaders",
  description: "Opens a checkpoint: the diffusion model, its text encoder and its autoencoder.",
  inputs: { ckpt_name: modelFile("checkpoints") },
  outputs: { MODEL: "MODEL", CLIP: "CLIP", VAE: "VAE" },
  async run({ ckpt_name }, { models }) {
    const { model, clip, vae } = await loadCheckpoint(await models.resolve("checkpoints", ckpt_name));
    return { MODEL: model, CLIP: clip, VAE: vae };
  },
});
