import { gatherHeld, type Held, type SavedFile } from "@patchbay/nodes";
import { HeldMemory } from "./heldMemory.js";

/** What a node gave: its outputs by slot, each a list of values, and the files it wrote. */
export interface NodeResult {
  readonly outputs: readonly (readonly unknown[])[];
  readonly files: readonly SavedFile[];
}

/** Bytes that an entry takes beside its arrays: keys, objects. */
const ENTRY = 1024;

/** Arrays may take this part of the bound: they shall not push out models, which take longer to come back. */
const ARRAY_SHARE = 1 / 4;

/** And no more than this unless a bound was given: a long chain of large pictures leaves much behind that nobody asks for again. */
const MOST_ARRAYS = 2 ** 30;

/** How long a reading of the machine's free memory is good for, in milliseconds. */
const READING = 1000;

interface Entry {
  readonly result: NodeResult;
  readonly held: readonly Held[];
}

/**
 * Results by cache key, of any number of runs, up to a bound of bytes: pictures, latents and conditionings, and the models with their plans,
 * arenas and packed weights. What was not asked for the longest goes first; a model that goes is disposed of when no result in use needs it.
 */
export class ResultCache {
  readonly #limit: number | undefined;
  readonly #entries = new Map<string, Entry>();
  readonly #memory = new HeldMemory();
  #reading = { at: -Infinity, available: 0 };

  /** @param limit bytes; half of what the machine has left unless given */
  constructor(limit?: number) {
    this.#limit = limit;
  }

  /** Results that are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Bytes of all that is kept, and of what a run in progress holds. */
  get bytes(): number {
    return this.#arrayBytes() + this.#memory.partBytes;
  }

  /** Parts of models that are alive. */
  get parts(): number {
    return this.#memory.parts;
  }

  get(key: string): NodeResult | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.result;
  }

  set(key: string, result: NodeResult): void {
    this.delete(key);
    const held = gatherHeld(result.outputs);
    this.#memory.acquire(held);
    this.#entries.set(key, { result, held });
    this.#trim();
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#entries.delete(key);
    this.#memory.release(entry.held);
  }

  /** Keeps what a result holds alive, kept or not, until the returned function is called. */
  hold(result: NodeResult): () => void {
    const held = gatherHeld(result.outputs);
    this.#memory.acquire(held);
    return () => this.#memory.release(held);
  }

  /** Forgets everything and frees what models hold, those in use too: called when a node had too little memory. Nothing may run meanwhile. */
  giveUp(): void {
    for (const key of this.#entries.keys()) this.delete(key);
    this.#memory.disposeParts();
  }

  #trim(): void {
    const limit = this.#bound();
    const arrayLimit = Math.min(limit * ARRAY_SHARE, this.#limit === undefined ? MOST_ARRAYS : Infinity);
    while (this.#entries.size > 0 && this.#arrayBytes() > arrayLimit) if (!this.#evict(({ held }) => held.every(isArray))) break;
    while (this.#entries.size > 0 && this.bytes > limit) this.#evict(() => true);
  }

  #evict(may: (entry: Entry) => boolean): boolean {
    for (const [key, entry] of this.#entries) {
      if (!may(entry)) continue;
      this.delete(key);
      return true;
    }
    return false;
  }

  #arrayBytes(): number {
    return this.#memory.arrayBytes + this.#entries.size * ENTRY;
  }

  #bound(): number {
    if (this.#limit !== undefined) return this.#limit;
    const now = performance.now();
    if (now - this.#reading.at > READING) this.#reading = { at: now, available: process.availableMemory() };
    return (this.bytes + this.#reading.available) / 2;
  }
}

function isArray(held: Held): boolean {
  return !("dispose" in held);
}
