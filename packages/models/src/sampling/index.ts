export { calculateSigmas, findSampler, type SigmasOptions } from "./calculateSigmas.js";
export { runSampling, sampleLevels, type LatentShape, type LevelsOptions, type SamplingOptions } from "./runSampling.js";
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
