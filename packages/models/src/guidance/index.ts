export {
  combineConditioning,
  type Conditioning,
  type ConditioningArea,
  type ConditioningEntry,
  type ConditioningMask,
} from "./conditioning.js";
export { guideModel, type GuidanceOptions } from "./guideModel.js";
