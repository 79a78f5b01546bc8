import { beta } from "./beta.js";
import { ddimUniform } from "./ddimUniform.js";
import { exponential } from "./exponential.js";
import { karras } from "./karras.js";
import { klOptimal } from "./klOptimal.js";
import { linearQuadratic } from "./linearQuadratic.js";
import { normal } from "./normal.js";
import type { Scheduler } from "./scheduler.js";
import { sgmUniform } from "./sgmUniform.js";
import { simple } from "./simple.js";

/** Every scheduler by the name ComfyUI's nodes use, in the order of their menus. */
export const schedulers = {
  simple,
  sgm_uniform: sgmUniform,
  karras,
  exponential,
  ddim_uniform: ddimUniform,
  beta,
  normal,
  linear_quadratic: linearQuadratic,
  kl_optimal: klOptimal,
} satisfies Record<string, Scheduler>;

export type SchedulerName = keyof typeof schedulers;
