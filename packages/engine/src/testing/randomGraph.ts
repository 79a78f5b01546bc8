import type { Tensor } from "../ir/tensor.js";
import { block, type InputSpec } from "../ir/trace.js";
import { elementCount } from "../ir/shape.js";
import type { Weight } from "../weights/weight.js";
import { randomArray } from "./compareWithOracle.js";
import { Growth, type Limits } from "./growth.js";
import { Random } from "./random.js";
import * as arithmetic from "./randomArithmetic.js";
import * as layers from "./randomLayers.js";
import * as movement from "./randomMovement.js";

/** A network with input values, as the oracle is asked about it. */
export interface NetworkCase {
  readonly inputs: Readonly<Record<string, InputSpec>>;
  readonly values: Readonly<Record<string, Float32Array | Int32Array>>;
  readonly build: (inputs: Record<string, Tensor>) => Readonly<Record<string, Tensor>>;
}

export interface RandomGraph extends NetworkCase {
  /** Filled by the first trace. */
  readonly weights: readonly Weight[];
}

/** Most graphs are small, so that there are many; some are large enough for several tasks a thread and several blocks a sum. */
const sizes: readonly { readonly share: number; readonly limits: Limits }[] = [
  { share: 0.65, limits: { elements: 4_000, products: 1_000_000, width: 48 } },
  { share: 0.28, limits: { elements: 16_000, products: 4_000_000, width: 100 } },
  { share: 0.07, limits: { elements: 60_000, products: 20_000_000, width: 600 } },
];

/** How often each op is tried. */
const makers: readonly (readonly [share: number, make: (growth: Growth) => Tensor | undefined])[] = [
  [5, layers.randomLinear],
  [6, layers.randomConv2d],
  [3, layers.randomGroupNorm],
  [2, layers.randomLayerNorm],
  [3, layers.randomAttention],
  [2, layers.randomGeglu],
  [1, layers.randomGather],
  [2, arithmetic.randomMatmul],
  [1, arithmetic.randomSoftmax],
  [3, arithmetic.randomUnary],
  [5, arithmetic.randomBinary],
  [1, arithmetic.randomAffine],
  [1, arithmetic.randomClamp],
  [2, arithmetic.randomReduce],
  [3, movement.randomConcat],
  [3, movement.randomSlice],
  [3, movement.randomReshape],
  [3, movement.randomPermute],
  [2, movement.randomResize],
  [2, (growth) => growth.constant(randomShape(growth.random, growth.limits))],
];
const drawn = makers.flatMap(([share, make]) => Array.from({ length: share }, () => make));

/** The network that belongs to a seed, over inputs that do too: of all ops, of any shapes, with tensors that several ops read. */
export function randomGraph(seed: number): RandomGraph {
  const random = new Random(seed);
  const limits = pickLimits(random);
  const inputs: Record<string, InputSpec> = {};
  const values: Record<string, Float32Array | Int32Array> = {};
  for (let at = random.integer(1, 3); at > 0; at--) {
    const shape = randomShape(random, limits);
    inputs[`x${at}`] = { shape };
    values[`x${at}`] = randomArray(elementCount(shape), seed * 4 + at);
  }
  if (random.chance(0.25)) {
    const shape = Array.from({ length: random.integer(0, 3) }, () => random.integer(1, 5));
    inputs["ids"] = { shape, dtype: "i32" };
    values["ids"] = Int32Array.from({ length: elementCount(shape) }, () => random.integer(0, Growth.idsEnd - 1));
  }
  const steps = random.integer(3, 14);
  const start = random.integer(0, 2 ** 30);
  const weights: Weight[] = [];
  const build: NetworkCase["build"] = ({ ids, ...symbols }) => {
    const growth = new Growth(new Random(start), limits, weights, ids);
    for (const tensor of Object.values(symbols)) growth.keep(tensor);
    for (let step = 0; step < steps; step++) {
      const make = growth.random.pick(drawn);
      const made = growth.random.chance(0.1) ? block(`step${step}`, () => make(growth)) : make(growth);
      if (made && made.shape.length <= 6) growth.keep(made);
    }
    return pickOutputs(growth);
  };
  return { inputs, values, build, weights };
}

function pickLimits(random: Random): Limits {
  let at = random.next();
  return (sizes.find(({ share }) => (at -= share) < 0) ?? sizes[0]!).limits;
}

/** Pictures most of all, sequences, matrices, and shapes of any rank. */
function randomShape(random: Random, { elements, width }: Limits): number[] {
  const channels = random.pick([random.integer(1, Math.min(width, 24)), random.integer(1, width)]);
  const [most, batch] = [elements / 2, random.pick([1, 1, 2, 3])];
  const side = Math.max(1, Math.min(24, Math.floor(Math.sqrt(most / channels / batch))));
  const length = Math.max(1, Math.min(400, Math.floor(most / channels / batch)));
  switch (random.integer(0, 9)) {
    case 0:
      return [random.integer(1, length), channels];
    case 1:
      return Array.from({ length: random.integer(0, 6) }, () => random.integer(1, 4));
    case 2:
    case 3:
    case 4:
      return [batch, random.integer(1, length), channels];
    default:
      return [batch, random.integer(Math.ceil(side / 3), side), random.integer(Math.ceil(side / 3), side), channels];
  }
}

/** The last tensor, and up to half of the others, of any age; now and then one has two names. */
function pickOutputs({ random, tensors }: Growth): Record<string, Tensor> {
  const others = Array.from({ length: random.integer(0, tensors.length >> 1) }, () => random.pick(tensors));
  return Object.fromEntries([tensors.at(-1)!, ...others].map((tensor, at) => [`y${at}`, tensor]));
}
