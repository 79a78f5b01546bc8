import { roundHalfEven, resizeBilinear } from "../resample/index.js";
import type { ModelSampling } from "../schedules/index.js";
import type { FloatTensor } from "../pipeline/floatTensor.js";
import type { Conditioning, ConditioningArea, ConditioningEntry, ConditioningMask } from "./conditioning.js";

export interface Region {
  readonly y: number;
  readonly x: number;
  readonly height: number;
  readonly width: number;
}

/** An entry made ready for one latent size. */
export interface ResolvedEntry {
  readonly tokens: FloatTensor;
  /** The part of the latent it is evaluated on; undefined for all of it. */
  readonly region: Region | undefined;
  /** How much it counts at each pixel of its region, [height, width] for each of the batch; undefined where it is 1 everywhere. */
  readonly weight: ((batchItem: number) => Float32Array) | undefined;
  /** Noise levels between which it counts, both inclusive. */
  readonly highest: number;
  readonly lowest: number;
}

/** Latent pixels over which an area's edges fade in. */
const FEATHER = 8;

interface Placed {
  readonly entry: ConditioningEntry;
  readonly region: Region | undefined;
}

/**
 * Places both lists on a latent [N, C, height, width]. An entry with an area gets a partner with the same area on the other list (that of the
 * smallest entry around it), so that guidance has both sides everywhere.
 */
export function resolveEntries(
  positive: Conditioning,
  negative: Conditioning,
  size: { readonly height: number; readonly width: number },
  sampling: ModelSampling,
): { positive: ResolvedEntry[]; negative: ResolvedEntry[] } {
  const place = (entry: ConditioningEntry): Placed => ({ entry, region: placeEntry(entry, size) });
  const sides = [positive.map(place), negative.map(place)] as const;
  const [ours, theirs] = sides;
  const [givenOurs, givenTheirs] = [[...ours], [...theirs]];
  for (const each of givenOurs) addPartner(each, theirs);
  for (const each of givenTheirs) addPartner(each, ours);
  const resolve = ({ entry, region }: Placed): ResolvedEntry => ({
    tokens: entry.tokens,
    region,
    weight: weightOf(entry, region, size),
    highest: entry.range ? sampling.percentToSigma(entry.range.start) : Infinity,
    lowest: entry.range ? sampling.percentToSigma(entry.range.end) : -Infinity,
  });
  return { positive: ours.map(resolve), negative: theirs.map(resolve) };
}

function placeEntry({ area, mask }: ConditioningEntry, size: { height: number; width: number }): Region | undefined {
  if (mask?.boundsOnly) return maskBounds(mask, size);
  return area && placeArea(area, size);
}

function placeArea(area: ConditioningArea, { height, width }: { height: number; width: number }): Region {
  const part = area.unit === "part";
  const [y, x] = part ? [roundHalfEven(area.y * height), roundHalfEven(area.x * width)] : [area.y, area.x];
  const h = part ? Math.max(1, roundHalfEven(area.height * height)) : area.height;
  const w = part ? Math.max(1, roundHalfEven(area.width * width)) : area.width;
  return clip({ y, x, height: h, width: w }, height, width);
}

/** The region inside the latent; one that lies outside becomes its nearest pixel. */
function clip(region: Region, height: number, width: number): Region {
  const [y, x] = [Math.min(Math.max(region.y, 0), height - 1), Math.min(Math.max(region.x, 0), width - 1)];
  return { y, x, height: Math.max(1, Math.min(region.height, height - y)), width: Math.max(1, Math.min(region.width, width - x)) };
}

/** The box around a mask's non-zero pixels on the latent, at least 8 on a side. */
function maskBounds(mask: ConditioningMask, { height, width }: { height: number; width: number }): Region | undefined {
  const { data, count } = fitMask(mask, height, width);
  let [top, left, bottom, right] = [height, width, -1, -1];
  for (let i = 0; i < count * height * width; i++) {
    if (data[i] === 0) continue;
    const [y, x] = [Math.floor(i / width) % height, i % width];
    [top, left, bottom, right] = [Math.min(top, y), Math.min(left, x), Math.max(bottom, y), Math.max(right, x)];
  }
  if (bottom < 0) return clip({ y: 0, x: 0, height: 8, width: 8 }, height, width);
  return clip({ y: top, x: left, height: Math.max(8, bottom - top + 1), width: Math.max(8, right - left + 1) }, height, width);
}

function addPartner({ entry, region }: Placed, others: Placed[]): void {
  if (!region) return;
  const around = others.filter((other) => !other.region || encloses(other.region, region));
  const withRegion = around.filter((other) => other.region);
  const smallest = withRegion.reduce<Placed | undefined>(
    (best, other) => (!best || areaOf(best.region!) > areaOf(other.region!) ? other : best),
    undefined,
  );
  const partner = smallest ?? around[0];
  if (!partner || (partner.region && sameRegion(partner.region, region))) return;
  others.push({ entry: { ...entry, tokens: partner.entry.tokens }, region });
}

function encloses(outer: Region, inner: Region): boolean {
  return (
    inner.y >= outer.y &&
    inner.x >= outer.x &&
    inner.y + inner.height <= outer.y + outer.height &&
    inner.x + inner.width <= outer.x + outer.width
  );
}

const areaOf = ({ height, width }: Region): number => height * width;
const sameRegion = (a: Region, b: Region): boolean => a.y === b.y && a.x === b.x && a.height === b.height && a.width === b.width;

function weightOf(
  { strength = 1, mask }: ConditioningEntry,
  region: Region | undefined,
  size: { height: number; width: number },
): ResolvedEntry["weight"] {
  if (!mask) {
    if (!region) return strength === 1 ? undefined : constantWeight(new Float32Array(size.height * size.width).fill(strength));
    return constantWeight(feathered(region, size, strength));
  }
  const { data, count } = fitMask(mask, size.height, size.width);
  const { y, x, height, width } = region ?? { y: 0, x: 0, ...size };
  return (item) => {
    const plane = (item % count) * size.height * size.width;
    return Float32Array.from({ length: height * width }, (_, i) => {
      const at = plane + (y + Math.floor(i / width)) * size.width + x + (i % width);
      return Math.fround(data[at]! * mask.strength) * strength;
    });
  };
}

const constantWeight =
  (weight: Float32Array): ((item: number) => Float32Array) =>
  () =>
    weight;

/** Full strength inside, fading to the edges that aren't the picture's own. */
function feathered({ y, x, height, width }: Region, size: { height: number; width: number }, strength: number): Float32Array {
  const ramp = (position: number, extent: number, start: number, whole: number): number => {
    const reach = Math.min(FEATHER, Math.floor(extent / 4));
    const before = start !== 0 && position < reach ? (position + 1) / reach : 1;
    const fromEnd = extent - 1 - position;
    const after = start + extent < whole && fromEnd < reach ? (fromEnd + 1) / reach : 1;
    return before * after;
  };
  return Float32Array.from({ length: height * width }, (_, i) => {
    return strength * ramp(Math.floor(i / width), height, y, size.height) * ramp(i % width, width, x, size.width);
  });
}

function fitMask({ data, shape: [count, h, w] }: ConditioningMask, height: number, width: number): { data: Float32Array; count: number } {
  return { data: resizeBilinear({ data, shape: [count, 1, h, w] }, height, width).data, count };
}
