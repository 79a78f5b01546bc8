export type { DiffusionDefinition, LatentFormat, ModelFamily, ModelParts, TextDefinition } from "./family.js";
export { autoencoderPart, readModelParts } from "./modelParts.js";
export { detectFamily, families } from "./registry.js";
