import { combineCfg, type LatentShape } from "../sampling/index.js";

/** Both predictions of the clean latent for x, fp32 [N, C, H, W]. */
export interface GuidanceStep {
  readonly positive: Float32Array;
  readonly negative: Float32Array;
  readonly x: Float32Array;
  readonly shape: LatentShape;
  readonly sigma: number;
  readonly cfg: number;
}

/** Makes one prediction of two. It changes neither. */
export type GuidanceRule = (step: GuidanceStep) => Float32Array;

export const plainGuidance: GuidanceRule = ({ positive, negative, cfg }) => combineCfg(positive, negative, cfg);
