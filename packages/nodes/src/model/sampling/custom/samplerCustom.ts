import { cfgGuider } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { boolean, float, wideInt, wire } from "../../../inputs.js";
import { sampleOver } from "../sample.js";

export const samplerCustom = defineNode({
  type: "SamplerCustom",
  displayName: "SamplerCustom",
  category: "model/sampling/custom",
  description: "Removes noise over given levels with a given sampler, guided by both prompts.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    model: wire("MODEL"),
    add_noise: boolean({ default: true, advanced: true }),
    noise_seed: wideInt({ default: 0, min: 0, max: 2n ** 64n - 1n, control_after_generate: true }),
    cfg: float({ default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }),
    positive: wire("CONDITIONING"),
    negative: wire("CONDITIONING"),
    sampler: wire("SAMPLER"),
    sigmas: wire("SIGMAS"),
    latent_image: wire("LATENT"),
  },
  outputs: { output: "LATENT", denoised_output: "LATENT" },
  run: ({ model, positive, negative, cfg, sampler, sigmas, ...inputs }, context) => {
    const noise = { seed: inputs.noise_seed, isAdded: inputs.add_noise };
    return sampleOver(inputs.latent_image, { guider: cfgGuider({ model, positive, negative, cfg }), sampler, sigmas, noise }, context);
  },
});
