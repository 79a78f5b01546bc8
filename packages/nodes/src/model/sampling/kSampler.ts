import { defineNode } from "../../defineNode.js";
import { float, int, wideInt, wire } from "../../inputs.js";
import { sample } from "./sample.js";
import { samplerName, schedulerName } from "./samplerInputs.js";

export const kSampler = defineNode({
  type: "KSampler",
  displayName: "KSampler",
  category: "model/sampling",
  description: "Draws noise from the seed and removes it step by step, guided by both prompts.",
  inputs: {
    model: wire("MODEL"),
    seed: wideInt({ default: 0, min: 0, max: 2n ** 64n - 1n, control_after_generate: true }),
    steps: int({ default: 20, min: 1, max: 10000 }),
    cfg: float({ default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }),
    sampler_name: samplerName,
    scheduler: schedulerName,
    positive: wire("CONDITIONING"),
    negative: wire("CONDITIONING"),
    latent_image: wire("LATENT"),
    denoise: float({ default: 1, min: 0, max: 1, step: 0.01 }),
  },
  outputs: { LATENT: "LATENT" },
  run: async ({ latent_image, sampler_name, ...options }, context) => ({
    LATENT: await sample(latent_image, { ...options, sampler: sampler_name }, context),
  }),
});
