import { defineNode } from "../../../defineNode.js";
import { float, wire } from "../../../inputs.js";

const side = float({ default: 1, min: 0, max: 1, step: 0.01 });
const place = float({ default: 0, min: 0, max: 1, step: 0.01 });

export const conditioningSetAreaPercentage = defineNode({
  type: "ConditioningSetAreaPercentage",
  displayName: "Conditioning (Set Area with Percentage)",
  category: "model/conditioning/transform",
  description: "Limits a prompt to a rectangle of the picture, in parts of its sides.",
  inputs: {
    conditioning: wire("CONDITIONING"),
    width: side,
    height: side,
    x: place,
    y: place,
    strength: float({ default: 1, min: 0, max: 10, step: 0.01 }),
  },
  outputs: { CONDITIONING: "CONDITIONING" },
  run: ({ conditioning, strength, ...rectangle }) => ({
    CONDITIONING: conditioning.map((entry) => ({ ...entry, area: { unit: "part" as const, ...rectangle }, strength })),
  }),
});
