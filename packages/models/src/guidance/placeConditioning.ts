import { resizeBilinear } from "../resample/index.js";
import type { ModelSampling } from "../schedules/index.js";
import { areaOfParts, type Area, type Condition } from "../sampling/index.js";
import type { FloatTensor } from "../pipeline/floatTensor.js";
import type { Conditioning, ConditioningEntry, ConditioningMask } from "./conditioning.js";

/** The smallest side of a mask's bounding box, in latent pixels. */
const SMALLEST_BOUNDS = 8;

/** Entries as they hold on a latent of one size: areas in its pixels, masks resized to it, times as noise levels. */
export function placeConditioning(entries: Conditioning, height: number, width: number, sampling: ModelSampling): Condition<FloatTensor>[] {
  return entries.map((entry) => {
    const mask = entry.mask && fitMask(entry.mask, height, width);
    const area = mask && entry.mask?.boundsOnly ? boundsOf(mask, height, width) : placeArea(entry, height, width);
    return {
      prompt: entry.tokens,
      ...(area && { area }),
      ...(mask && { mask }),
      ...(entry.strength !== undefined && { strength: entry.strength }),
      ...(entry.range && {
        sigmaStart: sampling.percentToSigma(entry.range.start),
        sigmaEnd: sampling.percentToSigma(entry.range.end),
      }),
    };
  });
}

function placeArea({ area }: ConditioningEntry, height: number, width: number): Area | undefined {
  return area?.unit === "part" ? areaOfParts(area, height, width) : area;
}

function fitMask({ data, shape: [h, w], strength }: ConditioningMask, height: number, width: number): Float32Array {
  return resizeBilinear({ data, shape: [1, 1, h, w] }, height, width).data.map((value) => value * strength);
}

/** The box around the pixels of a mask that aren't 0, at least 8 on a side. */
function boundsOf(mask: Float32Array, height: number, width: number): Area {
  let [top, left, bottom, right] = [height, width, -1, -1];
  mask.forEach((value, i) => {
    if (value === 0) return;
    const [y, x] = [Math.floor(i / width), i % width];
    [top, left, bottom, right] = [Math.min(top, y), Math.min(left, x), Math.max(bottom, y), Math.max(right, x)];
  });
  if (bottom < 0) [top, left] = [0, 0];
  return { y: top, x: left, height: Math.max(SMALLEST_BOUNDS, bottom - top + 1), width: Math.max(SMALLEST_BOUNDS, right - left + 1) };
}
