import { dpmAdaptiveWith } from "@patchbay/models";
import { defineNode } from "../../../defineNode.js";
import { float, int } from "../../../inputs.js";
import { NodeError } from "../../../nodeError.js";

const upTo100 = { min: 0, max: 100, step: 0.01, round: false, advanced: true } as const;
/** The step size grows by at most this at a time: a step that has to grow more is never taken. */
const MOST_GROWTH = 1 + Math.PI / 2;

export const samplerDpmAdaptive = defineNode({
  type: "SamplerDPMAdaptative",
  displayName: "SamplerDPMAdaptative",
  category: "model/sampling/samplers",
  description: "DPM-Solver with a step size of its own: it takes as many steps as the tolerances need.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    order: int({ default: 3, min: 2, max: 3, advanced: true }),
    rtol: float({ default: 0.05, ...upTo100 }),
    atol: float({ default: 0.0078, ...upTo100 }),
    h_init: float({ default: 0.05, ...upTo100 }),
    pcoeff: float({ default: 0, ...upTo100 }),
    icoeff: float({ default: 1, ...upTo100 }),
    dcoeff: float({ default: 0, ...upTo100 }),
    accept_safety: float({ default: 0.81, ...upTo100 }),
    eta: float({ default: 0, ...upTo100 }),
    s_noise: float({ default: 1, ...upTo100 }),
  },
  outputs: { SAMPLER: "SAMPLER" },
  run({ order, rtol, atol, h_init, pcoeff, icoeff, dcoeff, accept_safety, eta, s_noise }) {
    if (h_init === 0) throw new NodeError("NODE_INPUT_RANGE", `"h_init" is 0: the first step must have a length, 0.05 is usual`);
    if (rtol === 0 && atol === 0)
      throw new NodeError("NODE_INPUT_RANGE", `"rtol" and "atol" are 0: no step is that exact, 0.05 and 0.0078 are usual`);
    if (accept_safety > MOST_GROWTH)
      throw new NodeError("NODE_INPUT_RANGE", `"accept_safety" is ${accept_safety}: no step would be taken, 0.81 is usual`);
    const sample = dpmAdaptiveWith({
      order: order === 2 ? 2 : 3,
      relative: rtol,
      absolute: atol,
      firstStep: h_init,
      proportional: pcoeff,
      integral: icoeff,
      derivative: dcoeff,
      accepted: accept_safety,
      eta,
      noiseScale: s_noise,
    });
    return { SAMPLER: { sample } };
  },
});
