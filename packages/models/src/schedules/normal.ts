import { linspace } from "./linspace.js";
import { withZero, type Scheduler } from "./scheduler.js";

/** Timesteps evenly spread from the model's largest sigma to its smallest, both included, then 0. */
export const normal: Scheduler = (sampling, steps) =>
  withZero(linspace(sampling.timestep(sampling.sigmaMax), sampling.timestep(sampling.sigmaMin), steps).map((t) => sampling.sigma(t)));
