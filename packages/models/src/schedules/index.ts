export { discreteSampling, type DiscreteSamplingOptions } from "./discreteSampling.js";
export type { ModelSampling, PredictionType } from "./modelSampling.js";
export type { Scheduler } from "./scheduler.js";
export { schedulers, type SchedulerName } from "./schedulers.js";
