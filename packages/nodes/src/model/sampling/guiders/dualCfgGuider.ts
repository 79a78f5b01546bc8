import { dualCfgGuider } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { combo, float, wire } from "../../../inputs.js";

export const dualCfgGuiderNode = defineNode({
  type: "DualCFGGuider",
  displayName: "Dual CFG Guider",
  category: "model/sampling/guiders",
  description: "Guides a model by two prompts, each with a strength of its own.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    model: wire("MODEL"),
    cond1: wire("CONDITIONING"),
    cond2: wire("CONDITIONING"),
    negative: wire("CONDITIONING"),
    cfg_conds: float({ default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }),
    cfg_cond2_negative: float({ default: 8, min: 0, max: 100, step: 0.1, round: 0.01 }),
    style: combo(["regular", "nested"]),
  },
  outputs: { GUIDER: "GUIDER" },
  run: ({ model, cond1, cond2, negative, cfg_conds, cfg_cond2_negative, style }) => {
    const prompts = { model, first: cond1, second: cond2, negative, cfgFirst: cfg_conds, cfgSecond: cfg_cond2_negative };
    return { GUIDER: dualCfgGuider({ ...prompts, nested: style === "nested" }) };
  },
});
