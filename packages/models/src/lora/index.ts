export { applyLora, type LoraOptions, type LoraResult } from "./applyLora.js";
export { readLora, type LoraFile } from "./loraFile.js";
