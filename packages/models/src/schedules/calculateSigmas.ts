import { EngineError } from "@patchbay/engine";
import type { ModelSampling } from "./modelSampling.js";
import { schedulers, type SchedulerName } from "./schedulers.js";
import type { Scheduler } from "./scheduler.js";

/** As many steps as any node offers. */
const MAX_STEPS = 10_000;

/** These look one step ahead: their schedule is one step longer, and its last but one level is dropped. */
const DROPS_SECOND_LAST = new Set(["dpm_2", "dpm_2_ancestral", "uni_pc", "uni_pc_bh2"]);

export interface SigmasOptions {
  readonly sampling: ModelSampling;
  readonly scheduler: string;
  /** 1 … 10000 */
  readonly steps: number;
  /** The sampler's name: some need other levels. */
  readonly sampler: string;
  /** How much of the schedule to run, 0 … 1: the last `steps` steps of one of int(steps / denoise). 0 and less gives no steps at all. */
  readonly denoise?: number;
}

/**
 * The noise levels of a KSampler run: fp32, falling, usually steps + 1 of them.
 * @throws MODEL_UNKNOWN_SCHEDULER, MODEL_STEPS
 */
export function calculateSigmas({ sampling, scheduler, steps, sampler, denoise = 1 }: SigmasOptions): Float32Array {
  if (!Object.hasOwn(schedulers, scheduler))
    throw new EngineError(
      "MODEL_UNKNOWN_SCHEDULER",
      `There is no scheduler "${scheduler}": use one of ${Object.keys(schedulers).join(", ")}.`,
    );
  const schedule = schedulers[scheduler as SchedulerName];
  // Written so that NaN counts as a full run.
  if (denoise <= 0) return new Float32Array(0);
  const partial = denoise <= 0.9999;
  const total = partial ? Math.trunc(steps / denoise) : steps;
  if (!Number.isInteger(steps) || steps < 1 || steps > MAX_STEPS || total > MAX_STEPS * 100)
    throw new EngineError(
      "MODEL_STEPS",
      `Cannot schedule ${steps} steps at denoise ${denoise}: 1 to ${MAX_STEPS} whole steps, and at most ${MAX_STEPS * 100} at full denoise, are right.`,
    );
  const sigmas = runSchedule(schedule, sampling, total, sampler);
  return partial ? sigmas.slice(-(steps + 1)) : sigmas;
}

function runSchedule(schedule: Scheduler, sampling: ModelSampling, steps: number, sampler: string): Float32Array {
  if (!DROPS_SECOND_LAST.has(sampler)) return schedule(sampling, steps);
  const sigmas = schedule(sampling, steps + 1);
  return Float32Array.of(...sigmas.subarray(0, -2), ...sigmas.subarray(-1));
}
