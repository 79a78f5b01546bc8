import { cropPlanes, type Planes } from "../resample/index.js";
import { conditionWeights, isActive, visibleArea, type Condition } from "./conditionScope.js";
import type { LatentShape } from "./runSampling.js";

/** Keeps the division defined where no prompt counts; there the sum, and so the average, is 0. */
const TINY = 1e-37;

/**
 * The prediction of a list of prompts: each active one is evaluated on its area, and each pixel is the weighted mean of those that cover it,
 * 0 where none does. Fp32 [N, C, H, W] in and out.
 *
 * @param predict the network on a part of the latent under one prompt: the clean latent D of that part
 */
export async function averageConditions<T>(
  conditions: readonly Condition<T>[],
  x: Float32Array,
  shape: LatentShape,
  sigma: number,
  predict: (part: Float32Array, partShape: LatentShape, prompt: T) => Promise<Float32Array>,
): Promise<Float32Array> {
  const [batch, channels, height, width] = shape;
  const planes: Planes = { data: x, shape };
  const sums = new Float32Array(x.length);
  const totals = new Float32Array(height * width).fill(TINY);
  for (const condition of conditions) {
    const area = visibleArea(condition, height, width);
    if (!area || !isActive(condition, sigma)) continue;
    const weights = conditionWeights(condition, area, height, width);
    const whole = area.height === height && area.width === width;
    const part = whole ? x : cropPlanes(planes, area.x, area.y, area.width, area.height).data;
    const denoised = await predict(part, [batch, channels, area.height, area.width], condition.prompt);
    for (let i = 0; i < denoised.length; i++) {
      const inArea = i % weights.length;
      const pixel = (area.y + Math.floor(inArea / area.width)) * width + area.x + (inArea % area.width);
      const plane = Math.floor(i / weights.length);
      sums[plane * totals.length + pixel]! += Math.fround(denoised[i]! * weights[inArea]!);
      if (plane === 0) totals[pixel]! += weights[inArea]!;
    }
  }
  return sums.map((sum, i) => sum / totals[i % totals.length]!);
}
