import { defineNode } from "../../defineNode.js";
import { float, modelFile, wire } from "../../inputs.js";
import { withLora } from "./withLora.js";

export const loraLoaderModelOnly = defineNode({
  type: "LoraLoaderModelOnly",
  displayName: "Load LoRA",
  category: "model/loaders",
  description: "Adds a LoRA to the model.",
  inputs: { model: wire("MODEL"), lora_name: modelFile("loras"), strength_model: float({ default: 1, min: -100, max: 100, step: 0.01 }) },
  outputs: { MODEL: "MODEL" },
  run: async ({ model, lora_name, strength_model }, context) => ({
    MODEL: (await withLora(lora_name, { model, strengthModel: strength_model, strengthClip: 0 }, context)).model,
  }),
});
