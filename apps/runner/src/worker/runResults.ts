import { stat } from "node:fs/promises";
import type { PlannedNode } from "@patchbay/graph";
import type { SavedFile } from "@patchbay/nodes";
import type { BlobStore } from "./blobStore.js";
import type { NodeResult, ResultCache } from "./resultCache.js";

/** A result whose files may still be on their way into the blob store. */
interface MadeResult {
  readonly outputs: NodeResult["outputs"];
  readonly files: readonly SavedFile[] | Promise<readonly SavedFile[]>;
}

/**
 * The results of one run while it goes on: which nodes must run, and the outputs that nodes still to come need. A result is let go of as soon as
 * the last node that is linked to it has run; nodes with one cache key share one result.
 */
export class RunResults {
  readonly #cache: ResultCache;
  readonly #keys: ReadonlyMap<string, string>;
  /** Keys of the results that a node needs, each once. */
  readonly #needs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #known = new Map<string, MadeResult>();
  readonly #mustRun: Set<string>;
  /** Nodes to run that need the result of a key. */
  readonly #uses = new Map<string, number>();
  readonly #releases = new Map<string, () => void>();

  private constructor(plan: readonly PlannedNode[], cache: ResultCache, known: ReadonlyMap<string, NodeResult>) {
    this.#cache = cache;
    this.#keys = new Map(plan.map(({ id, cacheKey }) => [id, cacheKey]));
    this.#needs = new Map(plan.map(({ id, origins }) => [id, new Set(origins.map((origin) => this.#keys.get(origin)!))]));
    this.#mustRun = this.#findMustRun(plan, known);
    for (const [key, result] of known) {
      // Files are told again; outputs are held only where they are needed.
      this.#known.set(key, this.#uses.has(key) ? result : { outputs: [], files: result.files });
      if (this.#uses.has(key)) this.#releases.set(key, cache.hold(result));
    }
  }

  /** Looks every node of a plan up. A result with files counts only while they are there, in the blob store too. */
  static async lookUp(plan: readonly PlannedNode[], cache: ResultCache, blobs: BlobStore | undefined): Promise<RunResults> {
    const known = new Map<string, NodeResult>();
    const checks: Promise<void>[] = [];
    for (const { cacheKey } of plan) {
      const result = cache.get(cacheKey);
      if (!result || known.has(cacheKey)) continue;
      known.set(cacheKey, result);
      if (result.files.length === 0) continue;
      const check = async (): Promise<void> => {
        const there = await Promise.all(result.files.map(async (file) => isThere(file, blobs)));
        if (there.every(Boolean)) return;
        known.delete(cacheKey);
        cache.delete(cacheKey);
      };
      checks.push(check());
    }
    await Promise.all(checks);
    return new RunResults(plan, cache, known);
  }

  /** From the outputs back: a node must run where its result isn't known and is asked for. */
  #findMustRun(plan: readonly PlannedNode[], known: ReadonlyMap<string, NodeResult>): Set<string> {
    const mustRun = new Set<string>();
    for (let place = plan.length - 1; place >= 0; place--) {
      const { id, cacheKey, isTarget } = plan[place]!;
      const asked = isTarget || this.#uses.has(cacheKey);
      if (!asked || known.has(cacheKey) || mustRun.has(cacheKey)) continue;
      mustRun.add(cacheKey);
      for (const key of this.#needs.get(id)!) this.#uses.set(key, (this.#uses.get(key) ?? 0) + 1);
    }
    return mustRun;
  }

  /** Whether a node with this key has to run now: false once one has. */
  mustRun(key: string): boolean {
    return this.#mustRun.has(key) && !this.#known.has(key);
  }

  /** The files of a result that need not be made; none where it isn't known any more. */
  files(key: string): MadeResult["files"] {
    return this.#known.get(key)?.files ?? [];
  }

  /** The outputs of a node by slot. */
  outputs(id: string): NodeResult["outputs"] {
    return this.#known.get(this.#keys.get(id)!)?.outputs ?? [];
  }

  /** Tells that a node has run: its result is held for those that need it, and what only it needed is let go of. */
  made(id: string, key: string, result: MadeResult): void {
    if (this.#uses.has(key)) {
      this.#known.set(key, result);
      this.#releases.set(key, this.#cache.hold({ outputs: result.outputs, files: [] }));
    } else this.#known.set(key, { outputs: [], files: result.files });
    for (const needed of this.#needs.get(id)!) this.#used(needed);
  }

  #used(key: string): void {
    const left = this.#uses.get(key)! - 1;
    this.#uses.set(key, left);
    if (left > 0) return;
    this.#releases.get(key)?.();
    this.#releases.delete(key);
    this.#known.set(key, { outputs: [], files: this.files(key) });
  }

  /** Lets go of everything. */
  release(): void {
    for (const release of this.#releases.values()) release();
    this.#releases.clear();
  }
}

async function isThere(file: SavedFile & { readonly hash?: string }, blobs: BlobStore | undefined): Promise<boolean> {
  if (blobs && (file.hash === undefined || !(await blobs.has({ hash: file.hash, bytes: file.bytes })))) return false;
  return stat(file.path).then(
    () => true,
    () => false,
  );
}
