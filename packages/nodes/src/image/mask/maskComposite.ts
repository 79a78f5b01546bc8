import { roundHalfEven } from "@patchbay/models";
import { defineNode } from "../../defineNode.js";
import { combo, int, wire } from "../../inputs.js";

const place = int({ default: 0, min: 0, max: 16384, step: 1 });

/** Logic works on masks that are rounded, half to even. */
const isSet = (value: number): boolean => roundHalfEven(value) !== 0;

const operations = {
  multiply: (d, s) => d * s,
  add: (d, s) => d + s,
  subtract: (d, s) => d - s,
  and: (d, s) => Number(isSet(d) && isSet(s)),
  or: (d, s) => Number(isSet(d) || isSet(s)),
  xor: (d, s) => Number(isSet(d) !== isSet(s)),
} as const satisfies Record<string, (destination: number, source: number) => number>;

export const maskComposite = defineNode({
  type: "MaskComposite",
  displayName: "Combine Masks",
  category: "image/mask",
  description: "Combines the destination with the source, laid at a place of it. Fewer sources than destinations are used again.",
  module: "comfy_extras.nodes_mask",
  inputs: {
    destination: wire("MASK"),
    source: wire("MASK"),
    x: place,
    y: place,
    operation: combo(Object.keys(operations) as (keyof typeof operations)[]),
  },
  outputs: { MASK: "MASK" },
  run({ destination, source, x, y, operation }) {
    const combine = operations[operation];
    const right = Math.min(destination.width, x + source.width);
    const bottom = Math.min(destination.height, y + source.height);
    const data = destination.data.slice();
    for (let n = 0; n < destination.batch; n++) {
      for (let row = y; row < bottom; row++) {
        const to = (n * destination.height + row) * destination.width;
        const from = ((n % source.batch) * source.height + row - y) * source.width - x;
        for (let column = x; column < right; column++) data[to + column] = combine(data[to + column]!, source.data[from + column]!);
      }
    }
    for (let i = 0; i < data.length; i++) data[i] = Math.min(Math.max(data[i]!, 0), 1);
    return { MASK: { ...destination, data } };
  },
});
