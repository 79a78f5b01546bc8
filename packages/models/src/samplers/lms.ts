import { linearMultistep, type MultistepWeights } from "./linearMultistep.js";
import type { Sampler } from "./sampler.js";

/**
 * Adams–Bashforth weights for uneven steps: for each node the integral of its Lagrange polynomial from the newest node to `next`.
 */
export const adamsWeights: MultistepWeights = (nodes, next) => {
  const origin = nodes[0]!;
  const length = next - origin;
  return nodes.map((node, j) => {
    // Coefficients of the polynomial in (σ - origin), lowest first.
    let polynomial = [1];
    for (const [k, other] of nodes.entries()) {
      if (k === j) continue;
      const shifted = origin - other;
      const scaled = polynomial.map((c) => c / (node - other));
      polynomial = [...scaled, 0].map((_, power) => (scaled[power] ?? 0) * shifted + (scaled[power - 1] ?? 0));
    }
    return polynomial.reduce((sum, c, power) => sum + (c * length ** (power + 1)) / (power + 1), 0);
  });
};

/** Linear multistep of any order: k-diffusion's `sample_lms` (MIT), with exact integrals rather than quadrature. */
export const lmsOfOrder = (order: number): Sampler => linearMultistep(order, adamsWeights);
export const lms = lmsOfOrder(4);
