export { calculateSigmas, type SigmasOptions } from "./calculateSigmas.js";
export { runSampling, type LatentShape, type SamplingOptions } from "./runSampling.js";
export { sampleSigmas, type GuidedModel, type NoiseMask, type SigmasRun } from "./sampleSigmas.js";
export { averageConditions } from "./averageConditions.js";
export { combineCfg, usesNegative } from "./cfg.js";
export {
  areaOfParts,
  conditionWeights,
  isActive,
  matchAreas,
  visibleArea,
  type Area,
  type Condition,
  type ConditionScope,
} from "./conditionScope.js";
