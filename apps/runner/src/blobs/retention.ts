import type { JobDatabase } from "../jobs/database.js";
import type { BlobStore } from "./blobStore.js";

/** How much is kept of what is not in the output folder. Times in milliseconds. */
export interface RetentionLimits {
  /** Previews and other temporary content. */
  readonly tempAge: number;
  readonly tempBytes: number;
  /** Jobs that have ended, with their graphs and events. */
  readonly jobs: number;
  readonly jobAge: number;
  readonly jobBytes: number;
  /** How long it is known that a job was there. */
  readonly tombstoneAge: number;
}

const day = 24 * 60 * 60 * 1000;

export const defaultRetention: RetentionLimits = {
  tempAge: 7 * day,
  tempBytes: 2 * 1024 ** 3,
  jobs: 10_000,
  jobAge: 90 * day,
  jobBytes: 2 * 1024 ** 3,
  tombstoneAge: 30 * day,
};

/** Content that no record names is younger than this while the job that wrote it may still run. */
const unrecordedAge = 60 * 60 * 1000;
/** How long an Idempotency-Key is remembered. */
const keyAge = day;
/** Jobs that are removed in one transaction: others wait for it. */
const jobsAtOnce = 200;

export interface RetentionOptions {
  readonly limits?: Partial<RetentionLimits>;
  /** Hashes that runs in progress have named. */
  readonly inUse: () => ReadonlySet<string>;
  readonly log: (line: string) => void;
  readonly now?: () => number;
}

/**
 * Bounds what lies on the disk besides the output folder, which is never touched: old jobs leave a tombstone, old previews go, the oldest first.
 * Pictures of the gallery keep their content.
 */
export class Retention {
  readonly #db: JobDatabase;
  readonly #blobs: BlobStore;
  readonly #options: RetentionOptions;
  readonly #limits: RetentionLimits;
  readonly #now: () => number;
  readonly #statements;
  #sweeping: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(db: JobDatabase, blobs: BlobStore, options: RetentionOptions) {
    this.#db = db;
    this.#blobs = blobs;
    this.#options = options;
    this.#limits = { ...defaultRetention, ...options.limits };
    this.#now = options.now ?? Date.now;
    this.#statements = prepare(db);
  }

  /** Sweeps now and then again and again, every `interval` milliseconds. */
  start(interval: number): void {
    const sweep = (): void => void this.sweep().catch((error: unknown) => this.#options.log(`cleaning up failed: ${String(error)}`));
    this.#timer = setInterval(sweep, interval).unref();
    sweep();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping?.catch(() => undefined);
  }

  /** Removes all that is beyond the limits. */
  async sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined));
    await this.#sweeping;
  }

  async #sweep(): Promise<void> {
    const now = this.#now();
    this.#statements.oldKeys.run(now - keyAge);
    this.#statements.oldTombstones.run(now - this.#limits.tombstoneAge);
    await this.#pruneJobs(now);
    for (const hash of this.#oldTemporary(now)) await this.#removeTemporary(hash);
    for await (const { hash, writtenAt } of this.#blobs.files()) {
      if (now - writtenAt > unrecordedAge && !this.#isUsed(hash)) await this.#blobs.remove(hash);
    }
  }

  async #pruneJobs(now: number): Promise<void> {
    const { jobs, jobAge, jobBytes } = this.#limits;
    const prune = this.#db.transaction((numbers: readonly { number: number; id: string }[]) => {
      for (const { number, id } of numbers) {
        this.#statements.bury.run(id, now);
        this.#statements.removeJob.run(number);
      }
    });
    for (;;) {
      const old = this.#statements.oldJobs.all(jobs, now - jobAge, jobBytes, jobsAtOnce) as { number: number; id: string }[];
      if (old.length > 0) prune(old);
      if (old.length < jobsAtOnce) return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Hashes of temporary content that is too old or, the newest counted first, too much. */
  #oldTemporary(now: number): string[] {
    let bytes = 0;
    return (this.#statements.temporary.all() as { hash: string; bytes: number; used_at: number }[])
      .filter((file) => {
        bytes += file.bytes;
        return now - file.used_at > this.#limits.tempAge || bytes > this.#limits.tempBytes;
      })
      .map(({ hash }) => hash);
  }

  async #removeTemporary(hash: string): Promise<void> {
    if (this.#options.inUse().has(hash)) return;
    // First the record: a job must not name content that is gone.
    this.#statements.forgetTemporary.run(hash);
    if (!this.#isUsed(hash)) await this.#blobs.remove(hash);
  }

  #isUsed(hash: string): boolean {
    return this.#options.inUse().has(hash) || (this.#statements.uses.get(hash) as { n: number }).n > 0;
  }
}

function prepare(db: JobDatabase) {
  const ended = "state NOT IN ('queued', 'running', 'cancelling')";
  return {
    oldKeys: db.prepare("DELETE FROM idempotency_keys WHERE at < ?"),
    oldTombstones: db.prepare("DELETE FROM tombstones WHERE at < ?"),
    bury: db.prepare("INSERT OR REPLACE INTO tombstones (id, at) VALUES (?, ?)"),
    removeJob: db.prepare("DELETE FROM jobs WHERE number = ?"),
    // Each job with how many are newer and how many bytes they and it have: beyond a limit are the oldest.
    oldJobs: db.prepare(
      `SELECT number, id FROM (
         SELECT number, id, ended_at, row_number() OVER newest AS place, sum(bytes) OVER newest AS bytes_so_far
         FROM jobs WHERE ${ended} WINDOW newest AS (ORDER BY number DESC ROWS UNBOUNDED PRECEDING)
       ) WHERE place > ? OR ended_at < ? OR bytes_so_far > ? ORDER BY number LIMIT ?`,
    ),
    temporary: db.prepare(
      `SELECT hash, max(bytes) AS bytes, max(recorded_at) AS used_at FROM files
       WHERE type = 'temp' AND hash NOT IN (SELECT hash FROM results) GROUP BY hash ORDER BY used_at DESC`,
    ),
    forgetTemporary: db.prepare("DELETE FROM files WHERE type = 'temp' AND hash = ?"),
    uses: db.prepare("SELECT (SELECT count(*) FROM results WHERE hash = ?1) + (SELECT count(*) FROM files WHERE hash = ?1) AS n"),
  };
}
