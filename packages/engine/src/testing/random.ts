/**
 * Random choices that follow from a seed alone: a counter, scrambled (the idea of SplitMix: Steele, Lea and Flood 2014). Neighbouring
 * seeds have nothing in common.
 */
export class Random {
  #counter: number;

  constructor(seed: number) {
    this.#counter = Math.imul(seed, 0x2c9277b5);
  }

  /** 0 ≤ x < 1. */
  next(): number {
    this.#counter = (this.#counter + 0x9e3779b9) | 0;
    let bits = this.#counter;
    bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
    bits = Math.imul(bits ^ (bits >>> 16), 0x45d9f3b);
    return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
  }

  /** A whole number, `least` and `most` included. */
  integer(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.integer(0, items.length - 1)];
    if (item === undefined) throw new RangeError("could not pick from an empty list");
    return item;
  }

  /** The items in a random order. */
  shuffle<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(this.integer(0, left.length - 1), 1)[0]!);
  }

  /** `parts` sizes whose product is `product`, in a random order, among them ones. */
  factors(product: number, parts: number): number[] {
    const sizes = new Array<number>(parts).fill(1);
    let rest = product;
    for (let prime = 2; rest > 1; prime = prime * prime > rest ? rest : prime + 1) {
      for (; rest % prime === 0; rest /= prime) sizes[this.integer(0, parts - 1)]! *= prime;
    }
    return sizes;
  }
}
