import { combineCfg } from "../sampling/index.js";
import type { GuidanceRule } from "./guidanceRule.js";

const { sqrt } = Math;

/**
 * Guidance whose result, as a velocity, is brought to the deviation of the positive one, by the part `multiplier`: Lin et al. 2023 (arXiv 2305.08891),
 * section 3.4. Deviations are those of each item, without bias.
 */
export function rescaleCfg(multiplier: number): GuidanceRule {
  return ({ positive, negative, x, shape: [batch], sigma, cfg }) => {
    const square = sigma ** 2 + 1;
    const root = sqrt(square);
    const velocity = (denoised: Float32Array): Float32Array => denoised.map((value, i) => ((x[i]! / square - value) * root) / sigma);
    const wanted = velocity(positive);
    const guided = combineCfg(wanted, velocity(negative), cfg);
    const size = x.length / batch;
    const factors = Array.from({ length: batch }, (_, n) => {
      const item = (values: Float32Array): Float32Array => values.subarray(n * size, (n + 1) * size);
      return 1 + multiplier * (deviation(item(wanted)) / deviation(item(guided)) - 1);
    });
    return guided.map((value, i) => x[i]! / square - (value * factors[Math.floor(i / size)]! * sigma) / root);
  };
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
