import { defineNode } from "../../../defineNode.js";
import { boolean, float, wire } from "../../../inputs.js";

export const samplingPercentToSigma = defineNode({
  type: "SamplingPercentToSigma",
  displayName: "SamplingPercentToSigma",
  category: "model/sampling/sigmas",
  description: "The noise level of a model after a part of the way.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    model: wire("MODEL"),
    sampling_percent: float({ default: 0, min: 0, max: 1, step: 0.0001 }),
    return_actual_sigma: boolean({ default: false }),
  },
  outputs: { sigma_value: "FLOAT" },
  run: ({ model: { sampling }, sampling_percent, return_actual_sigma }) => {
    // Both ends stand for "always" and "never" otherwise.
    if (return_actual_sigma && sampling_percent === 0) return { sigma_value: sampling.sigmaMax };
    if (return_actual_sigma && sampling_percent === 1) return { sigma_value: sampling.sigmaMin };
    return { sigma_value: sampling.percentToSigma(sampling_percent) };
  },
});
