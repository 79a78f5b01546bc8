import { watch, type FSWatcher } from "node:fs";
import type { Catalog } from "@patchbay/graph";
import type { Worker } from "./worker.js";

/** Milliseconds without a change after which folders are looked at, and the most to wait for such a pause. */
const QUIET = 200;
const LONGEST = 1000;

/** Milliseconds after which folders are looked at in any case: not every file system tells of changes. */
const RESCAN = 5000;

/** Folders that are watched; systems allow only so many, and the rescan sees to the others. */
const MAX_WATCHED = 1000;

export interface CatalogWatchOptions {
  readonly rescan?: number;
}

/**
 * Watches the folders whose files combos list, and gives the catalog when a list has changed. Only names are read, never files. Every folder is
 * watched by itself: Node's own recursive watching loses new folders on some systems.
 */
export class CatalogWatch {
  readonly #worker: Pick<Worker, "catalog" | "fileLists" | "listedFolders">;
  readonly #onCatalog: (catalog: Catalog) => void;
  readonly #rescan: number;
  readonly #watchers = new Map<string, FSWatcher>();
  #known = "";
  #quiet: NodeJS.Timeout | undefined;
  #firstChange = 0;
  #interval: NodeJS.Timeout | undefined;
  /** Looks are taken one after another. */
  #last: Promise<unknown> = Promise.resolve();
  #looking = false;

  constructor(
    worker: Pick<Worker, "catalog" | "fileLists" | "listedFolders">,
    onCatalog: (catalog: Catalog) => void,
    { rescan = RESCAN }: CatalogWatchOptions = {},
  ) {
    this.#worker = worker;
    this.#onCatalog = onCatalog;
    this.#rescan = rescan;
  }

  /** Begins to watch; gives the catalog as it is now. */
  async start(): Promise<Catalog> {
    this.#interval = setInterval(() => {
      // A slow disk must not be asked again before it has answered.
      if (!this.#looking) void this.#look(false);
    }, this.#rescan).unref();
    const lists = await this.#worker.fileLists();
    this.#known = JSON.stringify([...lists]);
    await this.#watchFolders();
    return this.#worker.catalog(lists);
  }

  /** Looks now, and gives the catalog whether it has changed or not. */
  async refresh(): Promise<void> {
    await this.#look(true);
  }

  stop(): void {
    clearInterval(this.#interval);
    clearTimeout(this.#quiet);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  async #look(always: boolean): Promise<void> {
    const before = this.#last;
    const look = async (): Promise<void> => {
      await before;
      this.#looking = true;
      try {
        await this.#watchFolders();
        const lists = await this.#worker.fileLists();
        const names = JSON.stringify([...lists]);
        if (names === this.#known && !always) return;
        this.#known = names;
        this.#onCatalog(await this.#worker.catalog(lists));
      } finally {
        this.#looking = false;
      }
    };
    // A look that failed, on a folder that went away meanwhile, is made good by the next.
    this.#last = look().catch(() => undefined);
    await this.#last;
  }

  /** Watches folders that are new, and no longer those that are gone. */
  async #watchFolders(): Promise<void> {
    const folders = new Set((await this.#worker.listedFolders()).slice(0, MAX_WATCHED));
    for (const folder of this.#watchers.keys()) if (!folders.has(folder)) this.#unwatch(folder);
    for (const folder of folders) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, { persistent: false }, () => this.#changed());
        watcher.on("error", () => this.#unwatch(folder));
        this.#watchers.set(folder, watcher);
      } catch {
        // Not there, or no more watchers to be had: the rescan sees to it.
      }
    }
  }

  #unwatch(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #changed(): void {
    const now = performance.now();
    if (this.#quiet === undefined) this.#firstChange = now;
    else clearTimeout(this.#quiet);
    const wait = Math.max(0, Math.min(QUIET, this.#firstChange + LONGEST - now));
    this.#quiet = setTimeout(() => {
      this.#quiet = undefined;
      void this.#look(false);
    }, wait).unref();
  }
}
