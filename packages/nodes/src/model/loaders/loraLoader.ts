import { defineNode } from "../../defineNode.js";
import { float, modelFile, wire } from "../../inputs.js";
import { withLora } from "./withLora.js";

const strength = float({ default: 1, min: -100, max: 100, step: 0.01 });

export const loraLoader = defineNode({
  type: "LoraLoader",
  displayName: "Load LoRA (Model and CLIP)",
  category: "model/loaders",
  description: "Adds a LoRA to the model and the text encoder, each as strongly as wanted.",
  inputs: { model: wire("MODEL"), clip: wire("CLIP"), lora_name: modelFile("loras"), strength_model: strength, strength_clip: strength },
  outputs: { MODEL: "MODEL", CLIP: "CLIP" },
  async run({ lora_name, strength_model, strength_clip, ...parts }, context) {
    const options = { ...parts, strengthModel: strength_model, strengthClip: strength_clip };
    const { model, clip } = await withLora(lora_name, options, context);
    return { MODEL: model, CLIP: clip };
  },
});
