import { withZero, type Scheduler } from "./scheduler.js";

/** Entries 1, 1 + stride, … of the model's table, largest first, then 0. More than `steps` steps where `steps` doesn't divide the table's length. */
export const ddimUniform: Scheduler = ({ sigmas }, steps) => {
  const stride = Math.max(Math.floor(sigmas.length / steps), 1);
  const chosen: number[] = [];
  for (let i = 1; i < sigmas.length; i += stride) chosen.push(sigmas[i]!);
  return withZero(chosen.reverse());
};
