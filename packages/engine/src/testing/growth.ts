import { elementCount, sameShape } from "../ir/shape.js";
import type { Tensor } from "../ir/tensor.js";
import { constant } from "../ir/trace.js";
import { reshape } from "../ops/reshape.js";
import { slice } from "../ops/slice.js";
import type { Weight } from "../weights/weight.js";
import { WeightScope } from "../weights/weightScope.js";
import { randomArray } from "./compareWithOracle.js";
import type { Random } from "./random.js";
import { randomWeight } from "./randomWeight.js";

/** Widths around those of vectors and panels, so that there are tails. */
const WIDTHS = [
  1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 24, 27, 31, 32, 33, 40, 48, 63, 64, 65, 72, 96, 100, 130, 144, 200, 390, 520,
] as const;

/** What a graph may cost, since the oracle is slow. */
export interface Limits {
  /** Most elements of one tensor. */
  readonly elements: number;
  /** Multiply-adds of the whole graph. */
  readonly products: number;
  readonly width: number;
}

/** A network while it grows at random: the tensors made so far, the weights, and what may still be spent. */
export class Growth {
  readonly random: Random;
  readonly limits: Limits;
  readonly tensors: Tensor[] = [];
  /** An input of integers from 0 to below `idsEnd`, where the network has one. */
  readonly ids: Tensor | undefined;
  static readonly idsEnd = 11;
  readonly #weights: Weight[];
  #products: number;
  #weightsTaken = 0;
  #seeds = 0;

  /** `weights` are those of an earlier growth from the same seed, or empty: a network has its weights once, however often it is traced. */
  constructor(random: Random, limits: Limits, weights: Weight[], ids?: Tensor) {
    this.random = random;
    this.limits = limits;
    this.#weights = weights;
    this.#products = limits.products;
    this.ids = ids;
  }

  /** Lets later ops read `tensor`. */
  keep(tensor: Tensor): Tensor {
    this.tensors.push(tensor);
    return tensor;
  }

  /** One of the tensors that fit, the newer ones more often. */
  any(fits: (tensor: Tensor) => boolean = () => true): Tensor | undefined {
    const fitting = this.tensors.filter(fits);
    return fitting[Math.floor(fitting.length * Math.sqrt(this.random.next()))];
  }

  /** Whether so many elements and multiply-adds are still within the limits; they count as spent then. */
  affords(elements: number, products = 0): boolean {
    if (elements > this.limits.elements || elements < 1 || products > this.#products) return false;
    this.#products -= products;
    return true;
  }

  width(): number {
    return this.random.pick(WIDTHS.filter((width) => width <= this.limits.width));
  }

  /** A tensor of that shape: one that there is, a piece of a larger one, or numbers that are known when the network is traced. */
  shaped(shape: readonly number[]): Tensor {
    const { random } = this;
    const same = random.chance(0.5) ? this.any((tensor) => sameShape(tensor.shape, shape)) : undefined;
    if (same) return same;
    const elements = elementCount(shape);
    const larger = this.any((tensor) => tensor.elements >= elements);
    if (!larger || random.chance(0.1)) return this.constant(shape);
    if (larger.elements === elements) return reshape(larger, shape);
    const start = random.integer(0, larger.elements - elements);
    return reshape(slice(reshape(larger, [-1]), 0, start, elements), shape);
  }

  constant(shape: readonly number[]): Tensor {
    return constant(randomArray(elementCount(shape), this.#seed()), shape);
  }

  /** Integers below `end`, known when the network is traced. */
  integers(shape: readonly number[], end: number): Tensor {
    const data = randomArray(elementCount(shape), this.#seed());
    return constant(
      Int32Array.from(data, (value) => Math.min(end - 1, Math.floor(((value + 1) / 2) * end))),
      shape,
    );
  }

  /** A weight whose products with `fanIn` numbers add up to a sum of about their size; sometimes one that is there already. */
  weight(shape: readonly number[], fanIn: number): Weight {
    const { random } = this;
    const dtype = random.pick(["f32", "f32", "f16", "bf16"] as const);
    const taken = this.#weights.slice(0, this.#weightsTaken).filter((weight) => sameShape(weight.shape, shape));
    if (taken.length > 0 && random.chance(0.5)) return random.pick(taken);
    const at = this.#weightsTaken++;
    const seed = this.#seed();
    this.#weights[at] ??= randomWeight(`w${at}`, dtype, shape, Math.sqrt(3 / fanIn), seed);
    return this.#weights[at];
  }

  /** Weights by name, as ops take them from a checkpoint. */
  scope(weights: Readonly<Record<string, Weight | undefined>>): WeightScope {
    return new WeightScope(new Map(Object.entries(weights).flatMap(([name, weight]) => (weight ? [[name, weight] as const] : []))));
  }

  #seed(): number {
    return Math.floor(this.random.next() * 2 ** 30) * 4 + (this.#seeds++ % 4);
  }
}
