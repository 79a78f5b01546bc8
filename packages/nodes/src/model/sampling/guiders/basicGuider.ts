import { basicGuider } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { wire } from "../../../inputs.js";

export const basicGuiderNode = defineNode({
  type: "BasicGuider",
  displayName: "Basic Guider",
  category: "model/sampling/guiders",
  description: "A model and one prompt, without guidance.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: { model: wire("MODEL"), conditioning: wire("CONDITIONING") },
  outputs: { GUIDER: "GUIDER" },
  run: ({ model, conditioning }) => ({ GUIDER: basicGuider(model, conditioning) }),
});
