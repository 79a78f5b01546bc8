import type { ModelSampling } from "./modelSampling.js";
import { withZero } from "./scheduler.js";

/** The timesteps that SD and SDXL Turbo were distilled at: 999, 899, … 99. */
const TURBO_STEPS = 10;

/** `steps` levels of those from the part `denoise` of the way on, then 0: Sauer et al. 2023, "Adversarial Diffusion Distillation". */
export function sdTurboSigmas(sampling: ModelSampling, steps: number, denoise: number): Float32Array {
  const first = TURBO_STEPS - Math.trunc(TURBO_STEPS * denoise);
  const timesteps = Array.from({ length: TURBO_STEPS }, (_, i) => (TURBO_STEPS - i) * 100 - 1).slice(first, first + steps);
  return withZero(timesteps.map((t) => sampling.sigma(t)));
}
