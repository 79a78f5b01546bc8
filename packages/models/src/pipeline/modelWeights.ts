import type { Weight } from "@patchbay/engine";
import type { WeightStore } from "../weights/weightStore.js";
import type { Holding } from "./holding.js";

/** A part's engine weights, made when they are first asked for. */
export interface ModelWeights extends Holding {
  get(): Promise<ReadonlyMap<string, Weight>>;
  /** What these weights need: themselves, and those that they change. */
  readonly holdings: readonly Holding[];
  /** Frees what the engine holds for weights that are this object's own. */
  dispose(): void;
}

/** The weights of a file's part as they are. */
export class StoredWeights implements ModelWeights {
  readonly holdings: readonly Holding[] = [this];
  readonly #store: WeightStore;
  #weights: Promise<ReadonlyMap<string, Weight>> | undefined;
  #made: ReadonlyMap<string, Weight> = new Map();

  constructor(store: WeightStore) {
    this.#store = store;
  }

  async get(): Promise<ReadonlyMap<string, Weight>> {
    this.#weights ??= this.#store.weights().then((weights) => (this.#made = weights));
    return this.#weights;
  }

  get bytes(): number {
    return heldBytes(this.#made);
  }

  dispose(): void {
    for (const weight of this.#made.values()) weight.dispose();
    this.#made = new Map();
    this.#weights = undefined;
  }
}

/** Weights that share all but a few with others: those few are computed when first needed. */
export class ChangedWeights implements ModelWeights {
  readonly holdings: readonly Holding[];
  readonly #base: ModelWeights;
  readonly #change: (base: ReadonlyMap<string, Weight>) => Promise<ReadonlyMap<string, Weight>>;
  #weights: Promise<ReadonlyMap<string, Weight>> | undefined;
  #changed: ReadonlyMap<string, Weight> = new Map();

  /** @param change gives the weights that differ, by name */
  constructor(base: ModelWeights, change: (base: ReadonlyMap<string, Weight>) => Promise<ReadonlyMap<string, Weight>>) {
    this.#base = base;
    this.holdings = [this, ...base.holdings];
    this.#change = change;
  }

  async get(): Promise<ReadonlyMap<string, Weight>> {
    this.#weights ??= this.#compute().catch((error: unknown) => {
      this.#weights = undefined;
      throw error;
    });
    return this.#weights;
  }

  get bytes(): number {
    return heldBytes(this.#changed);
  }

  async #compute(): Promise<ReadonlyMap<string, Weight>> {
    const base = await this.#base.get();
    this.#changed = await this.#change(base);
    return new Map([...base, ...this.#changed]);
  }

  dispose(): void {
    for (const weight of this.#changed.values()) weight.dispose();
    this.#changed = new Map();
    this.#weights = undefined;
  }
}

function heldBytes(weights: ReadonlyMap<string, Weight>): number {
  let bytes = 0;
  for (const weight of weights.values()) bytes += weight.heldBytes;
  return bytes;
}
