import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

export const setFirstSigma = defineNode({
  type: "SetFirstSigma",
  displayName: "SetFirstSigma",
  category: "model/sampling/sigmas",
  description: "Another first noise level.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { sigmas: wire("SIGMAS"), sigma: float({ default: 136, min: 0, max: 20000, step: 0.001, round: false }) },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ sigmas, sigma }) => ({ SIGMAS: sigmas.map((level, i) => (i === 0 ? sigma : level)) }),
});
