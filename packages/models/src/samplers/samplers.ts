import { dpm2 } from "./dpm2.js";
import { dpm2Ancestral } from "./dpm2Ancestral.js";
import { dpmpp2m } from "./dpmpp2m.js";
import { dpmpp2mSde, dpmpp2mSdeHeun } from "./dpmpp2mSde.js";
import { euler } from "./euler.js";
import { eulerAncestral } from "./eulerAncestral.js";
import { heun } from "./heun.js";
import { lcm } from "./lcm.js";
import { lms } from "./lms.js";
import type { Sampler } from "./sampler.js";
import { uniPc, uniPcBh2 } from "./uniPc.js";

/** A sampler, and what a run does otherwise because of it. */
export interface SamplerEntry {
  readonly sample: Sampler;
  /** It looks one step ahead: its schedule is one step longer, and the last level but one is dropped. */
  readonly dropsSecondLastSigma?: boolean;
  /** With a noise mask, the part kept is noised with noise of its own (seed + 1) rather than the initial noise. */
  readonly renoisesKeptPart?: boolean;
}

/** Every sampler by the name ComfyUI's nodes use, in the order of their menus. */
export const samplers = {
  euler: { sample: euler },
  euler_ancestral: { sample: eulerAncestral },
  heun: { sample: heun },
  dpm_2: { sample: dpm2, dropsSecondLastSigma: true },
  dpm_2_ancestral: { sample: dpm2Ancestral, dropsSecondLastSigma: true },
  lms: { sample: lms },
  dpmpp_2m: { sample: dpmpp2m },
  dpmpp_2m_sde: { sample: dpmpp2mSde },
  dpmpp_2m_sde_gpu: { sample: dpmpp2mSde },
  dpmpp_2m_sde_heun: { sample: dpmpp2mSdeHeun },
  dpmpp_2m_sde_heun_gpu: { sample: dpmpp2mSdeHeun },
  lcm: { sample: lcm },
  ddim: { sample: euler, renoisesKeptPart: true },
  uni_pc: { sample: uniPc, dropsSecondLastSigma: true },
  uni_pc_bh2: { sample: uniPcBh2, dropsSecondLastSigma: true },
} satisfies Record<string, SamplerEntry>;

export type SamplerName = keyof typeof samplers;
