import { allocate } from "../../allocate.js";
import { defineNode } from "../../defineNode.js";
import { int } from "../../inputs.js";

export const emptyLatentImage = defineNode({
  type: "EmptyLatentImage",
  displayName: "Empty Latent Image",
  category: "model/latent",
  description: "Latents of zeros to start from. They take on the model's own channels and scale when they are sampled.",
  inputs: {
    width: int({ default: 512, min: 16, max: 16384, step: 8 }),
    height: int({ default: 512, min: 16, max: 16384, step: 8 }),
    batch_size: int({ default: 1, min: 1, max: 4096 }),
  },
  outputs: { LATENT: "LATENT" },
  run({ width, height, batch_size }, { memoryLimit }) {
    const shape = [batch_size, 4, Math.floor(height / 8), Math.floor(width / 8)] as const;
    return { LATENT: { samples: allocate("latents", shape, memoryLimit), shape } };
  },
});
