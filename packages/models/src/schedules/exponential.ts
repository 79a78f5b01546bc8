import { linspace } from "./linspace.js";
import { withZero, type Scheduler } from "./scheduler.js";

/** Evenly spread in the logarithm of sigma, then 0. */
export const exponential: Scheduler = ({ sigmaMin, sigmaMax }, steps) =>
  withZero(linspace(Math.log(sigmaMax), Math.log(sigmaMin), steps).map(Math.exp));
