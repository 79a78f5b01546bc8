import type { Scheduler } from "./scheduler.js";

const THRESHOLD = 0.025;

/** The first half of the steps falls linearly by 2.5 % of the largest sigma, the rest quadratically to 0: the schedule of Genmo's Mochi (Apache-2.0). */
export const linearQuadratic: Scheduler = ({ sigmaMax }, steps) => {
  if (steps === 1) return Float32Array.of(sigmaMax, 0);
  const linearSteps = Math.floor(steps / 2);
  const quadraticSteps = steps - linearSteps;
  const linear = Array.from({ length: linearSteps }, (_, i) => (i * THRESHOLD) / linearSteps);
  // A parabola that continues the line's value and slope and reaches 1 after the last step.
  const excess = linearSteps - THRESHOLD * steps;
  const quadratic = excess / (linearSteps * quadraticSteps ** 2);
  const slope = THRESHOLD / linearSteps - (2 * excess) / quadraticSteps ** 2;
  const constant = quadratic * linearSteps ** 2;
  const curve = Array.from({ length: quadraticSteps }, (_, k) => {
    const i = linearSteps + k;
    return quadratic * i ** 2 + slope * i + constant;
  });
  return Float32Array.from([...linear, ...curve, 1], (noise) => Math.fround(1 - noise) * sigmaMax);
};
