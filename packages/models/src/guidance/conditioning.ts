import type { FloatTensor } from "../pipeline/floatTensor.js";

/** A part of the picture in latent pixels, or in parts of it (0..1). */
export interface ConditioningArea {
  readonly unit: "latent" | "part";
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}

/** Where an entry counts, and how much: one plane of any size, resized to the latent. */
export interface ConditioningMask {
  readonly data: Float32Array;
  readonly shape: readonly [height: number, width: number];
  readonly strength: number;
  /** Look only at the mask's bounding box. */
  readonly boundsOnly: boolean;
}

/** One encoded prompt and where it holds. */
export interface ConditioningEntry {
  /** [1, L, width] */
  readonly tokens: FloatTensor;
  /** The whole text as one vector, where the encoder gives one. */
  readonly pooled?: Float32Array;
  /** 1 by default. */
  readonly strength?: number;
  readonly area?: ConditioningArea;
  readonly mask?: ConditioningMask;
  /** Parts of the way (0 at the start, 1 at the end) between which the entry counts. */
  readonly range?: { readonly start: number; readonly end: number };
}

/** What travels on a CONDITIONING wire. Predictions for all entries are averaged by their strengths. */
export type Conditioning = readonly ConditioningEntry[];

/** Both lists: what ConditioningCombine does. */
export function combineConditioning(first: Conditioning, second: Conditioning): Conditioning {
  return [...first, ...second];
}
