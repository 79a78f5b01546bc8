import { defineNode } from "../../defineNode.js";
import { boolean, int, wire } from "../../inputs.js";
import { maskOfPictures, picturesOfMask } from "../../pictures/asPictures.js";
import { slidingExtreme, type Extreme } from "../../pictures/slidingExtreme.js";
import type { MaskValue } from "../../values.js";

export const growMask = defineNode({
  type: "GrowMask",
  displayName: "Grow Mask",
  category: "image/mask",
  description: "Grows a mask by some pixels, or shrinks it by a negative number: to a diamond around each pixel, or to a square.",
  module: "comfy_extras.nodes_mask",
  inputs: {
    mask: wire("MASK"),
    expand: int({ default: 0, min: -16384, max: 16384, step: 1 }),
    tapered_corners: boolean({ advanced: true, default: true }),
  },
  outputs: { MASK: "MASK" },
  async run({ mask, expand, tapered_corners }, { signal }) {
    const extreme = expand < 0 ? "min" : "max";
    const steps = Math.abs(expand);
    if (tapered_corners) return { MASK: await growDiamond(mask, steps, extreme, signal) };
    return { MASK: maskOfPictures(slidingExtreme(picturesOfMask(mask), { before: steps, after: steps }, extreme)) };
  },
});

/** Each step spreads to the four neighbours; when a step changes nothing, none after it does. Others get a turn between steps. */
async function growDiamond(mask: MaskValue, steps: number, extreme: Extreme, signal: AbortSignal): Promise<MaskValue> {
  // Shrinking is growing of what is left out.
  const sign = extreme === "max" ? 1 : -1;
  let current = mask.data.map((value) => sign * value);
  for (let step = 0; step < steps; step++) {
    const next = current.slice();
    const isChanged = spreadOnce(current, next, mask);
    if (!isChanged) break;
    current = next;
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
  return { ...mask, data: current.map((value) => sign * value) };
}

/** Raises each value of `to`, a copy of `from`, to the largest of its four neighbours; whether that changed any. */
function spreadOnce(from: Float32Array, to: Float32Array, { batch, height, width }: MaskValue): boolean {
  let isChanged = false;
  const raise = (at: number, neighbour: number): void => {
    if (from[neighbour]! > to[at]!) {
      to[at] = from[neighbour]!;
      isChanged = true;
    }
  };
  for (let row = 0; row < batch * height; row++) {
    const first = row * width;
    const hasAbove = row % height > 0;
    const hasBelow = row % height < height - 1;
    for (let at = first; at < first + width; at++) {
      if (at > first) raise(at, at - 1);
      if (at < first + width - 1) raise(at, at + 1);
      if (hasAbove) raise(at, at - width);
      if (hasBelow) raise(at, at + width);
    }
  }
  return isChanged;
}
