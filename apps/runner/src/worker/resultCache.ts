import type { SavedFile } from "@patchbay/nodes";

/** What a node gave: its outputs by slot, each a list of values, and the files it wrote. */
export interface NodeResult {
  readonly outputs: readonly (readonly unknown[])[];
  readonly files: readonly SavedFile[];
}

/** Results by cache key, of the last run and the one in progress: a graph that is run again with a change runs only what the change reaches. */
export class ResultCache {
  #kept = new Map<string, NodeResult>();
  #used = new Map<string, NodeResult>();

  get(key: string): NodeResult | undefined {
    const result = this.#used.get(key) ?? this.#kept.get(key);
    if (result) this.#used.set(key, result);
    return result;
  }

  set(key: string, result: NodeResult): void {
    this.#used.set(key, result);
  }

  /** Ends a run: what it didn't use is forgotten. After a run that broke off, results of both runs stay. */
  endRun(complete: boolean): void {
    this.#kept = complete ? this.#used : new Map([...this.#kept, ...this.#used]);
    this.#used = new Map();
  }
}
