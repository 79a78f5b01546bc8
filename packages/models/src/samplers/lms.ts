import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

const ORDER = 4;

/**
 * Linear multistep (Adams–Bashforth on the given sigmas), order up to 4: k-diffusion's `sample_lms` (MIT). The polynomial through the last
 * derivatives is integrated exactly rather than by quadrature. The step to 0 is D.
 */
export const lms: Sampler = async ({ x, sigmas, denoise, onStep }) => {
  const total = sigmas.length - 1;
  /** (x - D)/σ of the last steps, newest first. */
  const derivatives: Float32Array[] = [];
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    if (next === 0) return denoised;
    derivatives.unshift(weightedSum([1 / sigma, x], [-1 / sigma, denoised]));
    derivatives.splice(ORDER);
    const nodes = derivatives.map((_, k) => sigmas[i - k]!);
    const weights = adamsWeights(nodes, next);
    x = weightedSum([1, x], ...derivatives.map((derivative, k): [number, Float32Array] => [weights[k]!, derivative]));
  }
  return x;
};

/** For each node the integral of its Lagrange polynomial from nodes[0] to `end`. */
export function adamsWeights(nodes: readonly number[], end: number): number[] {
  const origin = nodes[0]!;
  const length = end - origin;
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
}
