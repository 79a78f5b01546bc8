import { roundToMicro } from "./roundToMicro.js";
import { generateSeedState } from "./seedSequence.js";
import { TorchGenerator } from "./torchGenerator.js";

const POOL_SIZE = 24;
/** Nodes kept: two descents of about 24 levels, so that neighbouring queries share their common end. */
const CACHE_SIZE = 64;

interface Node {
  readonly start: number;
  readonly end: number;
  readonly key: number;
  readonly depth: number;
  /** W(end) - W(start) */
  readonly increment: Float32Array;
}

/**
 * A Brownian path over [t0, t1] that can be asked for any increment in any order and always gives the same answer for one seed: a
 * dyadic tree of Brownian bridges whose node seeds come from the entropy, as `torchsde.BrownianTree(t0, w0=0, t1, entropy, tol=1e-6,
 * pool_size=24)`. Times are rounded to 6 decimals. Agrees with torchsde to about 1e-6 absolute for unit increments.
 *
 * Source: torchsde (Apache-2.0); Li et al., "Scalable Gradients for Stochastic Differential Equations" (2020).
 */
export class BrownianTree {
  readonly #entropy: bigint;
  readonly #count: number;
  readonly #root: Node;
  readonly #leftIncrements = new Map<string, Float32Array>();

  /**
   * @param t0 t0 < t1
   * @param count values of the path's tensor
   * @param entropy the seed, all of its bits, ≥ 0
   */
  constructor(t0: number, t1: number, count: number, entropy: bigint) {
    this.#entropy = entropy;
    this.#count = count;
    const [seed = 0] = generateSeedState(entropy, [], POOL_SIZE, 3);
    const scale = Math.sqrt(t1 - t0);
    const increment = this.#randn(seed).map((value) => value * scale);
    this.#root = { start: roundToMicro(t0), end: roundToMicro(t1), key: 0, depth: 0, increment };
  }

  /** W(to) - W(from) for from ≤ to; times outside the interval count as its nearer end. */
  increment(from: number, to: number): Float32Array {
    const { start, end } = this.#root;
    const clamp = (time: number): number => roundToMicro(Math.max(Math.min(time, end), start));
    const out = new Float32Array(this.#count);
    const a = clamp(from);
    const b = clamp(to);
    if (a < b) this.#accumulate(this.#root, a, b, out);
    return out;
  }

  #accumulate(node: Node, from: number, to: number, out: Float32Array): void {
    const { start, end, key, depth, increment } = node;
    if (from === start && to === end) {
      for (let i = 0; i < out.length; i++) out[i]! += increment[i]!;
      return;
    }
    const middle = roundToMicro(0.5 * (end + start));
    const left = this.#leftIncrement(node, middle);
    if (from < middle) {
      const child: Node = { start, end: middle, key: 2 * key, depth: depth + 1, increment: left };
      this.#accumulate(child, from, Math.min(to, middle), out);
    }
    if (to > middle) {
      const right = increment.map((value, i) => value - left[i]!);
      const child: Node = { start: middle, end, key: 2 * key + 1, depth: depth + 1, increment: right };
      this.#accumulate(child, Math.max(from, middle), to, out);
    }
  }

  /** Samples W(middle) - W(start) given W(end) - W(start): the Brownian bridge. */
  #leftIncrement({ start, end, key, depth, increment }: Node, middle: number): Float32Array {
    const name = `${depth}:${key}`;
    const known = this.#leftIncrements.get(name);
    if (known) {
      this.#leftIncrements.delete(name);
      this.#leftIncrements.set(name, known);
      return known;
    }
    const [seed = 0] = generateSeedState(this.#entropy, [key, depth], POOL_SIZE, 4);
    const toLeft = middle - start;
    const toRight = end - middle;
    const perLength = 1 / (end - start);
    const deviation = Math.fround(Math.sqrt(toLeft * toRight * perLength));
    const share = Math.fround(toLeft) * Math.fround(perLength);
    const left = this.#randn(seed);
    for (let i = 0; i < left.length; i++) left[i] = share * increment[i]! + deviation * left[i]!;
    this.#leftIncrements.set(name, left);
    if (this.#leftIncrements.size > CACHE_SIZE) this.#leftIncrements.delete(this.#leftIncrements.keys().next().value!);
    return left;
  }

  #randn(seed: number): Float32Array {
    return new TorchGenerator(BigInt(seed)).randn(this.#count);
  }
}
