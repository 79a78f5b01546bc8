import { linspace } from "./linspace.js";
import { withZero } from "./scheduler.js";

const { exp, sqrt } = Math;

/** Levels of the variance-preserving process dβ = β_d·t + β_min, even in its time from 1 to `end`, then 0: Song et al. 2021, k-diffusion's `get_sigmas_vp` (MIT). */
export function vpSigmas(steps: number, betaD: number, betaMin: number, end: number): Float32Array {
  return withZero(linspace(1, end, steps).map((t) => sqrt(exp((betaD * t ** 2) / 2 + betaMin * t) - 1)));
}
