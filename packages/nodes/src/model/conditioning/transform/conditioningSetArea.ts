import { defineNode } from "../../../defineNode.js";
import { float, int, wire } from "../../../inputs.js";

const side = int({ default: 64, min: 64, max: 16384, step: 8 });
const place = int({ default: 0, min: 0, max: 16384, step: 8 });

export const conditioningSetArea = defineNode({
  type: "ConditioningSetArea",
  displayName: "Conditioning (Set Area)",
  category: "model/conditioning/transform",
  description: "Limits a prompt to a rectangle of the picture, in pixels.",
  inputs: {
    conditioning: wire("CONDITIONING"),
    width: side,
    height: side,
    x: place,
    y: place,
    strength: float({ default: 1, min: 0, max: 10, step: 0.01 }),
  },
  outputs: { CONDITIONING: "CONDITIONING" },
  run({ conditioning, width, height, x, y, strength }) {
    const inLatent = (pixels: number): number => Math.floor(pixels / 8);
    const area = { unit: "latent", width: inLatent(width), height: inLatent(height), x: inLatent(x), y: inLatent(y) } as const;
    return { CONDITIONING: conditioning.map((entry) => ({ ...entry, area, strength })) };
  },
});
