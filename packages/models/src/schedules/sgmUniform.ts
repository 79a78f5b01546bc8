import { linspace } from "./linspace.js";
import { withZero, type Scheduler } from "./scheduler.js";

/** Timesteps evenly spread from the model's largest sigma towards its smallest, which is left out, then 0: as in Stability's sgm. */
export const sgmUniform: Scheduler = (sampling, steps) => {
  const timesteps = linspace(sampling.timestep(sampling.sigmaMax), sampling.timestep(sampling.sigmaMin), steps + 1).slice(0, -1);
  return withZero(timesteps.map((t) => sampling.sigma(t)));
};
