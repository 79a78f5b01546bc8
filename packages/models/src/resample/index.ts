export type { Planes } from "./planes.js";
export { resizeBislerp } from "./bislerp.js";
export { resizeLanczos } from "./lanczos.js";
export { resizeArea, resizeBicubic, resizeBilinear, resizeNearestExact } from "./resize.js";
export { roundHalfEven } from "./roundHalfEven.js";
export { cropPlanes, cropToProportions, resizeMethods, upscale, type ResizeMethod } from "./upscale.js";
