export {
  combineConditioning,
  type Conditioning,
  type ConditioningArea,
  type ConditioningEntry,
  type ConditioningMask,
} from "./conditioning.js";
export { basicGuider, cfgGuider, dualCfgGuider, perpNegGuider, type DualPrompts, type Guider, type PerpNegPrompts } from "./guiders.js";
export type { GuidanceRule, GuidanceStep } from "./guidanceRule.js";
export { guideModel, type GuidanceOptions } from "./guideModel.js";
export { rescaleCfg } from "./rescaleCfg.js";
