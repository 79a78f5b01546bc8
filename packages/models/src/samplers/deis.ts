import { linearMultistep, type MultistepWeights } from "./linearMultistep.js";

/** The continuous variance-preserving process whose time the polynomials are taken in: sigma 0.002 at time 0.001, 80 at time 1. */
const EPSILON = 1e-3;
const LOG_LOW = Math.log(0.002 ** 2 + 1);
const LOG_HIGH = Math.log(80 ** 2 + 1);
const BETA_SLOPE = (2 * (LOG_LOW / EPSILON - LOG_HIGH)) / (EPSILON - 1);
const BETA_START = LOG_HIGH - 0.5 * BETA_SLOPE;

/** Points of the sum that stands for an integral. */
const POINTS = 10_000;

function timeOf(sigma: number): number {
  return (Math.sqrt(BETA_START ** 2 + 2 * BETA_SLOPE * Math.log(sigma * sigma + 1)) - BETA_START) / BETA_SLOPE;
}

/** dσ/dt */
function growth(time: number): number {
  const logAlpha = -0.5 * time * time * BETA_SLOPE - time * BETA_START;
  const alpha = Math.exp(logAlpha);
  return (0.5 * (BETA_SLOPE * time + BETA_START)) / Math.sqrt(alpha * (1 - alpha));
}

/**
 * tAB-DEIS: the integral over time of dσ/dt times each node's Lagrange polynomial in time. As in the authors' code it is a sum at evenly spaced
 * points, both ends included, times 1/POINTS of the interval: about 1e-4 off the integral, which results show.
 */
const deisWeights: MultistepWeights = (nodes, next) => {
  if (nodes.length === 1) return [Math.fround(next - nodes[0]!)];
  const times = nodes.map(timeOf);
  const [start] = times as [number, ...number[]];
  const span = timeOf(next) - start;
  const weights = nodes.map(() => 0);
  for (let p = 0; p < POINTS; p++) {
    const time = start + (p * span) / (POINTS - 1);
    const rate = (growth(time) * span) / POINTS;
    for (const [j, node] of times.entries()) {
      let share = rate;
      for (const [k, other] of times.entries()) if (k !== j) share *= (time - other) / (node - other);
      weights[j]! += share;
    }
  }
  return weights;
};

/** DEIS, exponential multistep of order up to 3 in the time of a variance-preserving process: Zhang and Chen 2022 (arXiv 2204.13902), as diff-sampler (Apache-2.0). */
export const deis = linearMultistep(3, deisWeights);
