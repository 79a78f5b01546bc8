import { continuousSampling } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { combo, float, wire } from "../../inputs.js";

export const modelSamplingContinuousV = defineNode({
  type: "ModelSamplingContinuousV",
  displayName: "ModelSamplingContinuousV",
  category: "model/patch",
  description: "Any noise level between two, for models that predict a velocity and read levels as angles.",
  module: "comfy_extras.nodes_model_advanced",
  inputs: {
    model: wire("MODEL"),
    sampling: combo(["v_prediction"]),
    sigma_max: float({ default: 500, min: 0, max: 1000, step: 0.001, round: false, advanced: true }),
    sigma_min: float({ default: 0.03, min: 0, max: 1000, step: 0.001, round: false, advanced: true }),
  },
  outputs: { MODEL: "MODEL" },
  run({ model, sigma_max, sigma_min }) {
    const levels = { sigmaMin: sigma_min, sigmaMax: sigma_max, sigmaData: 1 };
    return { MODEL: model.withSampling(continuousSampling({ ...levels, predicts: "v", timesteps: "angle" })) };
  },
});
