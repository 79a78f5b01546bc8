import { discreteSampling, lcmSampling } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { boolean, combo, wire } from "../../inputs.js";
import { NodeError } from "../../nodeError.js";

const predictions = { eps: "eps", v_prediction: "v", x0: "x0" } as const;

export const modelSamplingDiscrete = defineNode({
  type: "ModelSamplingDiscrete",
  displayName: "ModelSamplingDiscrete",
  category: "model/patch",
  description:
    "Says what a model's output means, for files that don't: the noise, a velocity, the picture; and whether its noise ends at pure noise.",
  module: "comfy_extras.nodes_model_advanced",
  inputs: {
    model: wire("MODEL"),
    sampling: combo(["eps", "v_prediction", "lcm", "x0", "img_to_img", "img_to_img_flow"]),
    zsnr: boolean({ default: false, advanced: true }),
  },
  outputs: { MODEL: "MODEL" },
  run({ model, sampling, zsnr }) {
    if (sampling === "img_to_img" || sampling === "img_to_img_flow")
      throw new NodeError("NODE_INPUT_CHOICE", `"sampling" is "${sampling}": no model that is read here works that way, choose another`);
    const changed =
      sampling === "lcm"
        ? lcmSampling({ zeroTerminalSnr: zsnr })
        : discreteSampling({ predictionType: predictions[sampling], zeroTerminalSnr: zsnr });
    return { MODEL: model.withSampling(changed) };
  },
});
