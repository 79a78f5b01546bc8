import { samplers, schedulers, type SamplerName, type SchedulerName } from "@patchbay/models";
import { combo } from "../../inputs.js";

export const samplerName = combo(Object.keys(samplers) as SamplerName[]);
export const schedulerName = combo(Object.keys(schedulers) as SchedulerName[]);
