export { calculateSigmas, type SigmasOptions } from "./calculateSigmas.js";
export { runSampling, type LatentShape, type SamplingOptions } from "./runSampling.js";
export { sampleSigmas, type GuidedModel, type NoiseMask, type SigmasRun } from "./sampleSigmas.js";
