import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file of the store, found on the disk. */
export interface BlobFile {
  readonly hash: string;
  readonly bytes: number;
  /** When it was written, in milliseconds since 1970. */
  readonly writtenAt: number;
}

const form = /^[0-9a-f]{64}$/;

/** Content under its hash: DIR/ab/HASH, where ab are the first two digits. Workers write it; it is read and removed here. */
export class BlobStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where a blob is or would be; undefined for what is no hash. */
  pathOf(hash: string): string | undefined {
    return form.test(hash) ? join(this.#folder, hash.slice(0, 2), hash) : undefined;
  }

  async remove(hash: string): Promise<void> {
    const path = this.pathOf(hash);
    if (path) await rm(path, { force: true });
  }

  /** Every blob there is, folder by folder. */
  async *files(): AsyncGenerator<BlobFile> {
    for (const name of (await readdir(this.#folder).catch(() => [])).filter((name) => /^[0-9a-f]{2}$/.test(name))) {
      for (const hash of await readdir(join(this.#folder, name)).catch(() => [])) {
        const found = form.test(hash) ? await stat(join(this.#folder, name, hash)).catch(() => undefined) : undefined;
        if (found) yield { hash, bytes: found.size, writtenAt: found.mtimeMs };
      }
    }
  }
}
