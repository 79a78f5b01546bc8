export { fitLatentRgb } from "./fitLatentRgb.js";
export { latentToPicture, type LatentRgb, type SmallPicture } from "./latentRgb.js";
export { LatentColours } from "./latentColours.js";
export { stableDiffusionRgb } from "./stableDiffusionRgb.js";
