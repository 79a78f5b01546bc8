import { EngineError } from "@patchbay/engine-bindings";
import type { Weight } from "./weight.js";

/** Weights by dotted name, seen from one prefix: networks walk it with the names of the checkpoint. */
export class WeightScope {
  readonly prefix: string;
  readonly #weights: ReadonlyMap<string, Weight>;

  constructor(weights: ReadonlyMap<string, Weight>, prefix = "") {
    this.#weights = weights;
    this.prefix = prefix;
  }

  /** The scope below `path`. */
  at(path: string | number): WeightScope {
    return new WeightScope(this.#weights, this.#join(String(path)));
  }

  /** @throws WEIGHTS_MISSING */
  get(name: string): Weight {
    const weight = this.find(name);
    if (!weight) throw new EngineError("WEIGHTS_MISSING", `could not find the weight "${this.#join(name)}" in the model file`);
    return weight;
  }

  find(name: string): Weight | undefined {
    return this.#weights.get(this.#join(name));
  }

  /** Whether `name` is a weight or the start of one's path. */
  has(name: string): boolean {
    const path = this.#join(name);
    if (this.#weights.has(path)) return true;
    for (const key of this.#weights.keys()) if (key.startsWith(`${path}.`)) return true;
    return false;
  }

  /** How many children 0, 1, 2, … `path` has without a gap. */
  count(path: string): number {
    let n = 0;
    while (this.has(`${path}.${n}`)) n++;
    return n;
  }

  #join(name: string): string {
    return this.prefix && name ? `${this.prefix}.${name}` : this.prefix || name;
  }
}
