import { BINARY_FUNCTIONS, REDUCE_FUNCTIONS, UNARY_FUNCTIONS, type UnaryFunction } from "@patchbay/engine-bindings";
import type { Tensor } from "../ir/tensor.js";
import { affine } from "../ops/affine.js";
import { binary } from "../ops/binary.js";
import { clamp } from "../ops/clamp.js";
import { matmul } from "../ops/matmul.js";
import { reduce } from "../ops/reduce.js";
import { slice } from "../ops/slice.js";
import { softmax } from "../ops/softmax.js";
import { unary } from "../ops/unary.js";
import type { Growth } from "./growth.js";

// Each op's result is at most about twice as large as what it reads, so that a deep graph stays far from where fp32 ends.

/** Where functions that grow fast or have a pole are read. */
const domains: Partial<Record<UnaryFunction, readonly [low: number, high: number]>> = {
  exp: [-6, 2],
  log: [0.1, 8],
  sqrt: [0.05, 9],
  reciprocal: [0.25, 8],
  square: [-2.5, 2.5],
};

export function randomUnary(growth: Growth): Tensor | undefined {
  const x = growth.any();
  const name = growth.random.pick(UNARY_FUNCTIONS);
  return x && unary(within(growth, x, domains[name]), name);
}

/** x brought into a domain, by its ends or smoothly. */
function within({ random }: Growth, x: Tensor, domain: readonly [low: number, high: number] | undefined): Tensor {
  if (!domain) return x;
  const [low, high] = domain;
  return random.chance(0.7) ? clamp(x, low, high) : affine(unary(x, "sigmoid"), high - low, low);
}

export function randomBinary(growth: Growth): Tensor | undefined {
  const { random } = growth;
  const first = growth.any();
  if (!first) return undefined;
  const [a, other] = random.chance(0.1) ? [first, first] : broadcastPair(growth, first);
  const rank = Math.max(a.shape.length, other.shape.length);
  const sizes = Array.from({ length: rank }, (_, axis) => Math.max(a.shape.at(axis - rank) ?? 1, other.shape.at(axis - rank) ?? 1));
  const products = sizes.reduce((product, size) => product * size, 1);
  if (!growth.affords(products)) return undefined;
  const name = random.pick([...BINARY_FUNCTIONS, "add", "multiply"] as const);
  switch (name) {
    case "multiply":
      return random.chance(0.5) ? binary(clamp(other, -2, 2), a, name) : binary(a, unary(other, "sigmoid"), name);
    case "divide":
      return binary(a, within(growth, other, [0.5, 4]), name);
    default:
      return random.chance(0.5) ? binary(a, other, name) : binary(other, a, name);
  }
}

/** `x`, or a piece of it that has ones, and a tensor that broadcasts with it. */
function broadcastPair(growth: Growth, x: Tensor): [Tensor, Tensor] {
  const { random } = growth;
  if (random.chance(0.35)) return [x, growth.shaped(x.shape)];
  const skipped = random.integer(0, x.shape.length);
  const shape = x.shape.slice(skipped).map((size) => (random.chance(0.4) ? 1 : size));
  const [axis, wide] = [random.integer(0, Math.max(0, x.shape.length - 1)), random.integer(1, 9)];
  // Each side wider than the other in one dimension.
  const narrow = random.chance(0.25) && x.shape.length > 0 && growth.affords((x.elements / x.dim(axis)) * wide);
  if (!narrow) return [x, growth.shaped(skipped === 0 && random.chance(0.2) && shape.length < 6 ? [1, ...shape] : shape)];
  return [slice(x, axis, random.integer(0, x.dim(axis) - 1), 1), growth.shaped(x.shape.map((size, at) => (at === axis ? wide : size)))];
}

export function randomAffine(growth: Growth): Tensor | undefined {
  const x = growth.any();
  const { random } = growth;
  return x && affine(x, random.pick([-1, 0.5, 1.5, 2, 1 / 3]), random.pick([0, 0, 1, -0.125]));
}

export function randomClamp(growth: Growth): Tensor | undefined {
  const x = growth.any();
  const { random } = growth;
  return x && clamp(x, random.pick([-2, -1, -0.1, 0]), random.pick([0.5, 1, 3]));
}

export function randomSoftmax(growth: Growth): Tensor | undefined {
  const x = growth.any();
  return x && softmax(x);
}

export function randomReduce(growth: Growth): Tensor | undefined {
  const x = growth.any(({ shape }) => shape.length > 0);
  if (!x) return undefined;
  const name = growth.random.pick(REDUCE_FUNCTIONS);
  return name === "sum" ? affine(reduce(x, name), 1 / Math.sqrt(x.dim(-1))) : reduce(x, name);
}

export function randomMatmul(growth: Growth): Tensor | undefined {
  const { random } = growth;
  const a = growth.any(({ shape }) => shape.length > 1);
  if (!a) return undefined;
  const [m, k] = [a.dim(-2), a.dim(-1)];
  const transposed = random.chance(0.5);
  const self = transposed && random.chance(0.3);
  const n = self ? m : growth.width();
  const rows = a.elements / k;
  if (!growth.affords(rows * n, rows * n * k) || !growth.affords((rows / m) * n * k)) return undefined;
  const outer = a.shape.slice(0, -2);
  const b = self ? a : growth.shaped([...outer, ...(transposed ? [n, k] : [k, n])]);
  return affine(matmul(a, self ? b : clamp(b, -1.5, 1.5), { transposed }), 1 / Math.sqrt(self ? k * 4 : k));
}
