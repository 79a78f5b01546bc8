import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Weight, WeightScope } from "@patchbay/engine";
import { readGoldenTensors, type GoldenTensor } from "../../testing/goldenTensors.js";
import type { ShapeIndex } from "../../weights/shapeIndex.js";

/** One network's golden: its reference weights, as tools/reference/networks.py fills them, and its inputs and outputs. */
export interface GoldenNetwork {
  readonly weights: ReadonlyMap<string, Weight>;
  tensor(name: string): GoldenTensor;
}

export function readGoldenNetwork(name: string): GoldenNetwork {
  const url = new URL(`../golden/${name}.safetensors`, import.meta.url);
  const tensors = readGoldenTensors(url);
  const bytes = readFileSync(url);
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE()))) as { __metadata__: { weights: string } };
  const shapes = JSON.parse(header.__metadata__.weights) as Record<string, number[]>;
  const weights = Object.entries(shapes).map(([key, shape]) => [key, Weight.inMemory(key, stream(key, shape), "f32", shape)] as const);
  return {
    weights: new Map(weights),
    tensor(key) {
      const tensor = tensors.get(key);
      if (!tensor) throw new Error(`the golden "${name}" has no tensor "${key}"`);
      return tensor;
    },
  };
}

/** The same weights under other names; undefined leaves one out. */
export function renamed(weights: ReadonlyMap<string, Weight>, newName: (name: string) => string | undefined): Map<string, Weight> {
  return new Map(
    [...weights].flatMap(([name, weight]) => {
      const other = newName(name);
      return other === undefined ? [] : [[other, weight] as const];
    }),
  );
}

export function indexOf(weights: ReadonlyMap<string, Weight>): ShapeIndex {
  return {
    names: [...weights.keys()],
    has: (name) => weights.has(name),
    hasPrefix: (prefix) => [...weights.keys()].some((name) => name.startsWith(prefix)),
    shape: (name) => new WeightScope(weights).get(name).shape,
  };
}

/** The numbers that `stream` of tools/reference/networks.py gives for a name and a shape. */
export function stream(name: string, shape: readonly number[]): Float32Array {
  const seed = createHash("sha256").update(`patchbay-networks:${name}`).digest().readUInt32LE(0);
  const fan = shape.slice(1).reduce((product, size) => product * size, 1);
  const embedding = name.includes("embedding") && !name.includes("time");
  const [scale, mean] = shape.length >= 2 ? [embedding ? 1 : 3 / Math.sqrt(fan), 0] : [0.5, name.endsWith("weight") ? 1 : 0];
  return Float32Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, i) => {
    let x = (Math.imul(i + 1, 0x9e3779b9) + seed) >>> 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    x = (x ^ (x >>> 16)) >>> 0;
    return ((x >>> 8) * 2 ** -24 - 0.5) * scale + mean;
  });
}
