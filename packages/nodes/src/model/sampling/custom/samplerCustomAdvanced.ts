import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";
import { sampleOver } from "../sample.js";

export const samplerCustomAdvanced = defineNode({
  type: "SamplerCustomAdvanced",
  displayName: "SamplerCustomAdvanced",
  category: "model/sampling/custom",
  description: "Removes noise over given levels, with everything given apart: noise, guidance, sampler.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { noise: wire("NOISE"), guider: wire("GUIDER"), sampler: wire("SAMPLER"), sigmas: wire("SIGMAS"), latent_image: wire("LATENT") },
  outputs: { output: "LATENT", denoised_output: "LATENT" },
  run: ({ latent_image, ...options }, context) => sampleOver(latent_image, options, context),
});
