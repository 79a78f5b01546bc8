import { withZero, type Scheduler } from "./scheduler.js";

/** Every (table length / steps)-th entry of the model's table, counted from its end, then 0. */
export const simple: Scheduler = ({ sigmas }, steps) => {
  const stride = sigmas.length / steps;
  return withZero(Float32Array.from({ length: steps }, (_, i) => sigmas.at(-(1 + Math.floor(i * stride)))!));
};
