import type { Sampler } from "./sampler.js";
import { weightedSum } from "./weightedSum.js";

/** The ancestral sampler of Ho et al. 2020 (algorithm 2) with its smaller variance, between any two levels; it works on x/sqrt(1 + σ²). */
export const ddpm: Sampler = async ({ x, sigmas, denoise, noise, onStep }) => {
  const total = sigmas.length - 1;
  const stepNoise = noise.independent();
  for (let i = 0; i < total; i++) {
    const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
    const denoised = await denoise(x, sigma);
    onStep(i, total, { x, denoised, sigma });
    const kept = 1 / (sigma * sigma + 1);
    const keptNext = 1 / (next * next + 1);
    const alpha = kept / keptNext;
    const scale = 1 / Math.sqrt(alpha * keptNext);
    const slope = (scale * (1 - alpha)) / (Math.sqrt(1 - kept) * sigma);
    const mean = weightedSum([scale * Math.sqrt(kept) - slope, x], [slope, denoised]);
    const deviation = Math.sqrt(((1 - alpha) * (1 - keptNext)) / ((1 - kept) * keptNext));
    x = next > 0 ? weightedSum([1, mean], [deviation, stepNoise(sigma, next)]) : mean;
  }
  return x;
};
