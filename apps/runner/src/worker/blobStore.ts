import { createHash, randomUUID, webcrypto } from "node:crypto";
import { linkSync, mkdirSync } from "node:fs";
import { mkdir, open, rename, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { NodeError, type SavedFile } from "@patchbay/nodes";

/** A file that lies in the blob store too. */
export interface StoredFile extends SavedFile {
  /** SHA-256 of its bytes, in hex. */
  readonly hash: string;
}

/** Up to here hashing takes less time than a way to another thread. */
const SMALL = 1 << 16;

/** Files by the hash of their content: FOLDER/ab/abcd…, whole or not there at all. */
export class BlobStore {
  readonly #folder: string;
  /** Sub-folders that are known to be there. */
  readonly #made = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the bytes with a hash lie. */
  path(hash: string): string {
    return join(this.#folder, hash.slice(0, 2), hash);
  }

  /**
   * Puts a file that was written into the store; `content` are its bytes. On one file system the blob is a second name of the file, elsewhere a
   * copy. What is kept (not of the temp folder) is on the disk when this resolves. @throws FILE_WRITE
   */
  async put(file: SavedFile, content: Uint8Array): Promise<StoredFile> {
    const hash = await sha256(content);
    try {
      await this.#put(file, content, hash);
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
      const message = `Cannot put "${file.path}" into "${this.#folder}" (${reason}): it must be a folder with room that this user may write to`;
      throw new NodeError("FILE_WRITE", message, { cause });
    }
    return { ...file, hash };
  }

  async #put(file: SavedFile, content: Uint8Array, hash: string): Promise<void> {
    const path = this.path(hash);
    const durable = file.type === "output";
    this.#makeFolder(hash.slice(0, 2));
    try {
      linkSync(file.path, path);
      if (durable) await sync(path);
    } catch (error) {
      const known = (error as NodeJS.ErrnoException).code === "EEXIST" ? await stat(path).catch(() => undefined) : undefined;
      // Another file system, one without links, a file that is gone again, or a blob that a crash left damaged.
      if (known?.size !== content.length) await this.#write(path, content, durable);
      else if (durable) await sync(path);
    }
  }

  /** At once, as is the link: a turn to another thread would take longer. */
  #makeFolder(name: string): void {
    if (this.#made.has(name)) return;
    mkdirSync(join(this.#folder, name), { recursive: true });
    this.#made.add(name);
  }

  async #write(path: string, content: Uint8Array, durable: boolean): Promise<void> {
    // The folder may have been taken away since it was made.
    await mkdir(join(path, ".."), { recursive: true });
    const temporary = `${path}.${randomUUID()}.part`;
    try {
      const handle = await open(temporary, "wx");
      try {
        await handle.writeFile(content);
        if (durable) await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, path);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  /** Whether the bytes are there, as many as they should be. */
  async has({ hash, bytes }: Pick<StoredFile, "hash" | "bytes">): Promise<boolean> {
    const found = await stat(this.path(hash)).catch(() => undefined);
    return found?.size === bytes;
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.datasync();
  } finally {
    await handle.close();
  }
}

async function sha256(content: Uint8Array): Promise<string> {
  if (content.length <= SMALL) return createHash("sha256").update(content).digest("hex");
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", content)).toString("hex");
}
