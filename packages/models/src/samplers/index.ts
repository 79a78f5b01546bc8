export type { GuidedPrediction, Sampler, SamplerContext, StepState } from "./sampler.js";
export { samplers, type SamplerEntry, type SamplerName } from "./samplers.js";
