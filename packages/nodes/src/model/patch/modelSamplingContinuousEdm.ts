import { continuousSampling } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { combo, float, wire } from "../../inputs.js";
import { NodeError } from "../../nodeError.js";

const kinds = {
  v_prediction: { predicts: "v", sigmaData: 1 },
  edm: { predicts: "edm", sigmaData: 0.5 },
  eps: { predicts: "eps", sigmaData: 1 },
} as const;

export const modelSamplingContinuousEdm = defineNode({
  type: "ModelSamplingContinuousEDM",
  displayName: "ModelSamplingContinuousEDM",
  category: "model/patch",
  description: "Any noise level between two, for models that were trained so.",
  module: "comfy_extras.nodes_model_advanced",
  inputs: {
    model: wire("MODEL"),
    sampling: combo(["v_prediction", "edm", "edm_playground_v2.5", "eps", "cosmos_rflow"]),
    sigma_max: float({ default: 120, min: 0, max: 1000, step: 0.001, round: false, advanced: true }),
    sigma_min: float({ default: 0.002, min: 0, max: 1000, step: 0.001, round: false, advanced: true }),
  },
  outputs: { MODEL: "MODEL" },
  run({ model, sampling, sigma_max, sigma_min }) {
    if (sampling === "edm_playground_v2.5" || sampling === "cosmos_rflow")
      throw new NodeError("NODE_INPUT_CHOICE", `"sampling" is "${sampling}": its model family is not read here, choose another`);
    const levels = { sigmaMin: sigma_min, sigmaMax: sigma_max, timesteps: "log" } as const;
    return { MODEL: model.withSampling(continuousSampling({ ...kinds[sampling], ...levels })) };
  },
});
