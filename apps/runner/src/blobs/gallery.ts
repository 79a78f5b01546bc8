import { rm } from "node:fs/promises";
import type { Result } from "@patchbay/protocol";
import type { JobDatabase } from "../jobs/database.js";
import { resultOfRow, type ResultRow } from "../jobs/jobRows.js";
import { ServerError } from "../server/serverError.js";
import type { BlobStore } from "./blobStore.js";
import { resolveInside } from "./resolveInside.js";

const columns = "id, job, title, created_at, node, filename, subfolder, hash, bytes, media_type, width, height";

/** The pictures that jobs saved into the output folder. */
export class Gallery {
  readonly #outputDir: string;
  readonly #blobs: BlobStore;
  readonly #statements;
  readonly #remove: (result: Result) => boolean;

  constructor(db: JobDatabase, blobs: BlobStore, outputDir: string) {
    this.#outputDir = outputDir;
    this.#blobs = blobs;
    this.#statements = {
      list: db.prepare(`SELECT ${columns} FROM results WHERE id < ? ORDER BY id DESC LIMIT ?`),
      get: db.prepare(`SELECT ${columns} FROM results WHERE id = ?`),
      remove: db.prepare("DELETE FROM results WHERE id = ?"),
      removeFiles: db.prepare("DELETE FROM files WHERE type = 'output' AND subfolder = ? AND filename = ? AND hash = ?"),
      uses: db.prepare("SELECT (SELECT count(*) FROM results WHERE hash = ?1) + (SELECT count(*) FROM files WHERE hash = ?1) AS n"),
    };
    const { remove, removeFiles, uses } = this.#statements;
    this.#remove = db.transaction(({ id, file }: Result) => {
      remove.run(Number(id));
      removeFiles.run(file.subfolder, file.filename, file.hash);
      return (uses.get(file.hash) as { n: number }).n === 0;
    });
  }

  /** Pictures with ids below `before`, newest first. */
  list(limit: number, before: number): Result[] {
    return (this.#statements.list.all(before, limit) as ResultRow[]).map(resultOfRow);
  }

  /** @throws ServerError RESULT_UNKNOWN */
  get(id: string): Result {
    const row = /^\d{1,15}$/.test(id) ? (this.#statements.get.get(Number(id)) as ResultRow | undefined) : undefined;
    if (!row)
      throw new ServerError(
        "RESULT_UNKNOWN",
        404,
        `The gallery has no picture ${JSON.stringify(id.slice(0, 40))}; it may have been deleted`,
      );
    return resultOfRow(row);
  }

  /** Where the named file of a picture is. @throws ServerError FILE_NOT_FOUND, FILE_OUTSIDE */
  pathOf({ file }: Result): Promise<string> {
    return resolveInside(this.#outputDir, file.subfolder === "" ? file.filename : `${file.subfolder}/${file.filename}`);
  }

  /** Deletes a picture: its named file and its entry, and its content when nothing else has the same. @throws ServerError RESULT_UNKNOWN */
  async delete(id: string): Promise<void> {
    const result = this.get(id);
    // Someone may have removed the file by hand; then the entry still goes.
    const path = await this.pathOf(result).catch(() => undefined);
    if (path) await rm(path, { force: true });
    if (this.#remove(result)) await this.#blobs.remove(result.file.hash);
  }
}
