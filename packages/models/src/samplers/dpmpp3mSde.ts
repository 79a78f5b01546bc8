import { brownianSteps } from "./brownianSteps.js";
import { toTime } from "./logSigma.js";
import type { Sampler } from "./sampler.js";
import { USUAL_NOISE, type StepNoiseOptions } from "./stepNoise.js";
import { weightedSum } from "./weightedSum.js";

const { exp, expm1, fround, sqrt } = Math;

/** DPM-Solver++(3M) SDE, third-order multistep with noise from a Brownian path: k-diffusion's `sample_dpmpp_3m_sde` (MIT). The step to 0 is D. */
export function dpmpp3mSdeWith({ eta, noiseScale }: StepNoiseOptions): Sampler {
  return async ({ x, sigmas, denoise, noise, onStep }) => {
    const total = sigmas.length - 1;
    const stepNoise = brownianSteps(noise, sigmas);
    /** Newest first. */
    const past: { denoised: Float32Array; h: number }[] = [];
    for (let i = 0; i < total; i++) {
      const [sigma, next] = [sigmas[i]!, sigmas[i + 1]!];
      const denoised = await denoise(x, sigma);
      onStep(i, total, { x, denoised, sigma });
      if (next === 0) return denoised;
      const h = fround(toTime(next) - toTime(sigma));
      const decay = fround((1 + eta) * h);
      const gain = -fround(expm1(-decay));
      const phi2 = 1 - gain / decay;
      const phi3 = phi2 / decay - 0.5;
      const weights = differenceWeights(phi2, phi3, h, past);
      x = weightedSum(
        [fround(exp(-decay)), x],
        [gain + weights[0], denoised],
        [weights[1], past[0]?.denoised ?? denoised],
        [weights[2], past[1]?.denoised ?? denoised],
        [next * fround(sqrt(-fround(expm1(-2 * eta * h)))) * noiseScale, stepNoise(sigma, next)],
      );
      past.unshift({ denoised, h });
      past.splice(2);
    }
    return x;
  };
}

export const dpmpp3mSde = dpmpp3mSdeWith(USUAL_NOISE);

/** What the corrections of second and third order weigh the newest, the last and the last but one prediction with. */
function differenceWeights(phi2: number, phi3: number, h: number, past: readonly { h: number }[]): [number, number, number] {
  const [last, older] = past;
  if (!last) return [0, 0, 0];
  const r0 = last.h / h;
  if (!older) return [phi2 / r0, -phi2 / r0, 0];
  const r1 = older.h / h;
  // slope and curvature: first = D0 + (D0 - D1) r0/(r0 + r1), second = (D0 - D1)/(r0 + r1) with D0 and D1 the divided differences.
  const onFirst = phi2 * (1 + r0 / (r0 + r1)) - phi3 / (r0 + r1);
  const onSecond = (-phi2 * r0) / (r0 + r1) + phi3 / (r0 + r1);
  return [onFirst / r0, -onFirst / r0 + onSecond / r1, -onSecond / r1];
}
