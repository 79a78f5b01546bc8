export * from "./opTable.js";
export * from "./planFormat.js";
export type { NativeEngine, NativeFile, NativePlan, NativeRunReport, NativeWeight } from "./native.js";
export { EngineError, type EngineErrorCode } from "./engineError.js";
export { loadNative } from "./loadNative.js";
