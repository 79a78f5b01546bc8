import { roundHalfEven } from "../resample/index.js";

/** A rectangle of a latent, in latent pixels. */
export interface Area {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}

/** Where, when and how strongly a prompt counts. */
export interface ConditionScope {
  /** Only this part of the latent is given to the network; it may reach over the edge. The whole latent by default. */
  readonly area?: Area;
  /** 1 by default. */
  readonly strength?: number;
  /** Weight of each pixel, fp32 [height, width] of the latent; replaces the soft edges of an area. */
  readonly mask?: Float32Array;
  /** It counts while sigmaEnd ≤ sigma ≤ sigmaStart. */
  readonly sigmaStart?: number;
  readonly sigmaEnd?: number;
}

/** The widest soft edge of an area, in latent pixels. */
const MAX_RAMP = 8;

/** Whether a prompt counts at a noise level. */
export function isActive({ sigmaStart = Infinity, sigmaEnd = -Infinity }: ConditionScope, sigma: number): boolean {
  return sigma <= sigmaStart && sigma >= sigmaEnd;
}

/** An area given as parts of the latent's sides (0 … 1), in latent pixels: rounded half to even, at least 1 in size. */
export function areaOfParts(parts: Area, latentHeight: number, latentWidth: number): Area {
  return {
    y: roundHalfEven(parts.y * latentHeight),
    x: roundHalfEven(parts.x * latentWidth),
    height: Math.max(1, roundHalfEven(parts.height * latentHeight)),
    width: Math.max(1, roundHalfEven(parts.width * latentWidth)),
  };
}

/** The part of a scope's area that lies inside the latent; undefined when none does. */
export function visibleArea({ area }: ConditionScope, latentHeight: number, latentWidth: number): Area | undefined {
  if (!area) return { y: 0, x: 0, height: latentHeight, width: latentWidth };
  const height = Math.min(area.height, latentHeight - area.y);
  const width = Math.min(area.width, latentWidth - area.x);
  return height > 0 && width > 0 ? { ...area, height, width } : undefined;
}

/**
 * The weight of each pixel of the visible area in the average over prompts: fp32 [area.height, area.width]. The strength, times the mask where
 * there is one; otherwise sides that don't touch the latent's border rise linearly over min(8, side / 4) pixels.
 */
export function conditionWeights(scope: ConditionScope, area: Area, latentHeight: number, latentWidth: number): Float32Array {
  const { strength = 1, mask } = scope;
  const weights = new Float32Array(area.height * area.width).fill(strength);
  if (mask)
    return weights.map((weight, i) => weight * mask[(area.y + Math.floor(i / area.width)) * latentWidth + area.x + (i % area.width)]!);
  if (!scope.area) return weights;
  const rows = ramp(area.height, area.y > 0, area.y + area.height < latentHeight);
  const columns = ramp(area.width, area.x > 0, area.x + area.width < latentWidth);
  return weights.map((weight, i) => Math.fround(weight * rows[Math.floor(i / area.width)]!) * columns[i % area.width]!);
}

function ramp(length: number, fromStart: boolean, toEnd: boolean): Float32Array {
  const width = Math.min(MAX_RAMP, Math.floor(length / 4));
  const factors = new Float32Array(length).fill(1);
  for (let t = 0; t < width; t++) {
    const factor = (t + 1) / width;
    if (fromStart) factors[t]! *= factor;
    if (toEnd) factors[length - 1 - t]! *= factor;
  }
  return factors;
}

/** A prompt, as whatever the network takes, and where it counts. */
export interface Condition<T> extends ConditionScope {
  readonly prompt: T;
}

/**
 * Gives every prompt with an area a partner on the other list, so that guidance works inside it: unless that list has one of the same area, the
 * prompt there with the smallest area around it counts a second time, in the scope (area, strength, mask, times) of the first.
 */
export function matchAreas<T>(
  positive: readonly Condition<T>[],
  negative: readonly Condition<T>[],
): { positive: Condition<T>[]; negative: Condition<T>[] } {
  const added = { positive: [...positive], negative: [...negative] };
  for (const condition of positive) addPartner(added.negative, condition);
  for (const condition of negative) addPartner(added.positive, condition);
  return added;
}

function addPartner<T>(list: Condition<T>[], condition: Condition<T>): void {
  const { area } = condition;
  if (!area) return;
  let partner: Condition<T> | undefined;
  for (const candidate of list) {
    if (candidate.area && sameArea(candidate.area, area)) return;
    if (encloses(candidate.area, area) && (!partner || size(candidate.area) < size(partner.area))) partner = candidate;
  }
  if (partner) list.push({ ...condition, prompt: partner.prompt });
}

function sameArea(a: Area, b: Area): boolean {
  return a.y === b.y && a.x === b.x && a.height === b.height && a.width === b.width;
}

function encloses(outer: Area | undefined, inner: Area): boolean {
  if (!outer) return true;
  return (
    outer.y <= inner.y &&
    outer.x <= inner.x &&
    outer.y + outer.height >= inner.y + inner.height &&
    outer.x + outer.width >= inner.x + inner.width
  );
}

function size(area: Area | undefined): number {
  return area ? area.height * area.width : Infinity;
}
