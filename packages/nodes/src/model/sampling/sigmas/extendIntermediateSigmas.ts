import { defineNode } from "../../../defineNode.js";
import { combo, float, int, wire } from "../../../inputs.js";

/** How far between two levels a step lies, by its part of the way. */
const ways = {
  linear: (x: number): number => x,
  cosine: (x: number): number => Math.sin((x * Math.PI) / 2),
  sine: (x: number): number => 1 - Math.cos((x * Math.PI) / 2),
};

export const extendIntermediateSigmas = defineNode({
  type: "ExtendIntermediateSigmas",
  displayName: "ExtendIntermediateSigmas",
  category: "model/sampling/sigmas",
  description: "More steps between those noise levels that lie in a range.",
  module: "comfy_extras.nodes_custom_sampler",
  inputs: {
    sigmas: wire("SIGMAS"),
    steps: int({ default: 2, min: 1, max: 100 }),
    start_at_sigma: float({ default: -1, min: -1, max: 20000, step: 0.01, round: false }),
    end_at_sigma: float({ default: 12, min: 0, max: 20000, step: 0.01, round: false }),
    spacing: combo(["linear", "cosine", "sine"]),
  },
  outputs: { SIGMAS: "SIGMAS" },
  run: ({ sigmas, steps, start_at_sigma, end_at_sigma, spacing }) => {
    const start = start_at_sigma < 0 ? Infinity : start_at_sigma;
    const parts = Array.from({ length: steps - 1 }, (_, i) => ways[spacing]((i + 1) / steps));
    const extended = Array.from(sigmas).flatMap((level, i) => {
      const next = sigmas[i + 1];
      const inside = next !== undefined && end_at_sigma <= level && level <= start;
      return inside ? [level, ...parts.map((part) => level + part * (next - level))] : [level];
    });
    return { SIGMAS: Float32Array.from(extended) };
  },
});
