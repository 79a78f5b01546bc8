import { eulerCfgPp, eulerAncestralCfgPp } from "./cfgPp.js";
import { ddpm } from "./ddpm.js";
import { deis } from "./deis.js";
import { dpm2 } from "./dpm2.js";
import { dpm2Ancestral } from "./dpm2Ancestral.js";
import { dpmAdaptive } from "./dpmAdaptive.js";
import { dpmFast } from "./dpmFast.js";
import { dpmpp2m, dpmpp2mCfgPp } from "./dpmpp2m.js";
import { dpmpp2mSde, dpmpp2mSdeHeun } from "./dpmpp2mSde.js";
import { dpmpp2sAncestral, dpmpp2sAncestralCfgPp } from "./dpmpp2sAncestral.js";
import { dpmpp3mSde } from "./dpmpp3mSde.js";
import { dpmppSde } from "./dpmppSde.js";
import { erSde } from "./erSde.js";
import { euler } from "./euler.js";
import { eulerAncestral } from "./eulerAncestral.js";
import { gradientEstimation, gradientEstimationCfgPp } from "./gradientEstimation.js";
import { heun } from "./heun.js";
import { heunpp2 } from "./heunpp2.js";
import { ipndm, ipndmV } from "./ipndm.js";
import { lcm } from "./lcm.js";
import { lms } from "./lms.js";
import { resMultistep, resMultistepAncestral, resMultistepAncestralCfgPp, resMultistepCfgPp } from "./resMultistep.js";
import { saSolver, saSolverPece } from "./saSolver.js";
import type { Sampler } from "./sampler.js";
import { expHeun2X0, expHeun2X0Sde, seeds2, seeds3 } from "./seeds.js";
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
  euler_cfg_pp: { sample: eulerCfgPp },
  euler_ancestral: { sample: eulerAncestral },
  euler_ancestral_cfg_pp: { sample: eulerAncestralCfgPp },
  heun: { sample: heun },
  heunpp2: { sample: heunpp2 },
  exp_heun_2_x0: { sample: expHeun2X0 },
  exp_heun_2_x0_sde: { sample: expHeun2X0Sde },
  dpm_2: { sample: dpm2, dropsSecondLastSigma: true },
  dpm_2_ancestral: { sample: dpm2Ancestral, dropsSecondLastSigma: true },
  lms: { sample: lms },
  dpm_fast: { sample: dpmFast },
  dpm_adaptive: { sample: dpmAdaptive },
  dpmpp_2s_ancestral: { sample: dpmpp2sAncestral },
  dpmpp_2s_ancestral_cfg_pp: { sample: dpmpp2sAncestralCfgPp },
  dpmpp_sde: { sample: dpmppSde },
  dpmpp_sde_gpu: { sample: dpmppSde },
  dpmpp_2m: { sample: dpmpp2m },
  dpmpp_2m_cfg_pp: { sample: dpmpp2mCfgPp },
  dpmpp_2m_sde: { sample: dpmpp2mSde },
  dpmpp_2m_sde_gpu: { sample: dpmpp2mSde },
  dpmpp_2m_sde_heun: { sample: dpmpp2mSdeHeun },
  dpmpp_2m_sde_heun_gpu: { sample: dpmpp2mSdeHeun },
  dpmpp_3m_sde: { sample: dpmpp3mSde },
  dpmpp_3m_sde_gpu: { sample: dpmpp3mSde },
  ddpm: { sample: ddpm },
  lcm: { sample: lcm },
  ipndm: { sample: ipndm },
  ipndm_v: { sample: ipndmV },
  deis: { sample: deis },
  res_multistep: { sample: resMultistep },
  res_multistep_cfg_pp: { sample: resMultistepCfgPp },
  res_multistep_ancestral: { sample: resMultistepAncestral },
  res_multistep_ancestral_cfg_pp: { sample: resMultistepAncestralCfgPp },
  gradient_estimation: { sample: gradientEstimation },
  gradient_estimation_cfg_pp: { sample: gradientEstimationCfgPp },
  er_sde: { sample: erSde },
  seeds_2: { sample: seeds2 },
  seeds_3: { sample: seeds3 },
  sa_solver: { sample: saSolver },
  sa_solver_pece: { sample: saSolverPece },
  ddim: { sample: euler, renoisesKeptPart: true },
  uni_pc: { sample: uniPc, dropsSecondLastSigma: true },
  uni_pc_bh2: { sample: uniPcBh2, dropsSecondLastSigma: true },
} satisfies Record<string, SamplerEntry>;

export type SamplerName = keyof typeof samplers;
