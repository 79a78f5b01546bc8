import { EngineError } from "@patchbay/engine";
import { samplers, type SamplerEntry, type SamplerName } from "../samplers/index.js";
import { schedulers, type ModelSampling, type Scheduler, type SchedulerName } from "../schedules/index.js";

/** As many steps as any node offers. */
const MAX_STEPS = 10_000;

export interface SigmasOptions {
  readonly sampling: ModelSampling;
  readonly scheduler: string;
  /** 1 … 10000 */
  readonly steps: number;
  /** The sampler's name where it is known: some need other levels. */
  readonly sampler?: string;
  /** How much of the schedule to run, 0 … 1: the last `steps` steps of one of int(steps / denoise). 0 and less gives no steps at all. */
  readonly denoise?: number;
}

/**
 * The noise levels of a KSampler run: fp32, falling, usually steps + 1 of them.
 * @throws MODEL_UNKNOWN_SCHEDULER, MODEL_UNKNOWN_SAMPLER, MODEL_STEPS
 */
export function calculateSigmas({ sampling, scheduler, steps, sampler, denoise = 1 }: SigmasOptions): Float32Array {
  const schedule = findScheduler(scheduler);
  const lookAhead = sampler !== undefined && findSampler(sampler).dropsSecondLastSigma === true;
  // Written so that NaN counts as a full run.
  if (denoise <= 0) return new Float32Array(0);
  const partial = denoise <= 0.9999;
  const total = partial ? Math.trunc(steps / denoise) : steps;
  if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS || total > MAX_STEPS * 100)
    throw new EngineError(
      "MODEL_STEPS",
      `Cannot schedule ${steps} steps at denoise ${denoise}: 1 to ${MAX_STEPS} whole steps, and at most ${MAX_STEPS * 100} at full denoise, are right.`,
    );
  const sigmas = lookAhead ? withoutSecondLast(schedule(sampling, total + 1)) : schedule(sampling, total);
  return partial ? sigmas.slice(-(steps + 1)) : sigmas;
}

function withoutSecondLast(sigmas: Float32Array): Float32Array {
  return Float32Array.of(...sigmas.subarray(0, -2), ...sigmas.subarray(-1));
}

/** @throws MODEL_UNKNOWN_SAMPLER */
export function findSampler(name: string): SamplerEntry {
  if (Object.hasOwn(samplers, name)) return samplers[name as SamplerName];
  throw new EngineError("MODEL_UNKNOWN_SAMPLER", `There is no sampler "${name}": use one of ${Object.keys(samplers).join(", ")}.`);
}

function findScheduler(name: string): Scheduler {
  if (Object.hasOwn(schedulers, name)) return schedulers[name as SchedulerName];
  throw new EngineError("MODEL_UNKNOWN_SCHEDULER", `There is no scheduler "${name}": use one of ${Object.keys(schedulers).join(", ")}.`);
}
