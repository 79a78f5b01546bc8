import { erSdeWith, reverseSdeRate } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { combo, float, int } from "../../../inputs.js";

export const samplerErSde = defineNode({
  type: "SamplerER_SDE",
  displayName: "SamplerER_SDE",
  category: "model/sampling/samplers",
  description: "ER-SDE-Solver, of one to three stages.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    solver_type: combo(["ER-SDE", "Reverse-time SDE", "ODE"]),
    max_stage: int({ default: 3, min: 1, max: 3, advanced: true }),
    eta: float({ default: 1, min: 0, max: 10, step: 0.01, round: false, advanced: true }),
    s_noise: float({ default: 1, min: 0, max: 100, step: 0.01, round: false, advanced: true }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run: ({ solver_type, max_stage, eta, s_noise }) => {
    if (solver_type === "ER-SDE") return { SAMPLER: { sample: erSdeWith({ stages: max_stage, noiseScale: s_noise }) } };
    const used = solver_type === "ODE" ? 0 : eta;
    return { SAMPLER: { sample: erSdeWith({ rate: reverseSdeRate(used), stages: max_stage, noiseScale: used === 0 ? 0 : s_noise }) } };
  },
});
