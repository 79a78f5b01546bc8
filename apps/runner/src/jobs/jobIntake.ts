import { createHash } from "node:crypto";
import { statfs } from "node:fs/promises";
import type { Catalog } from "@patchbay/graph";
import type { Job, NewJob } from "@patchbay/protocol";
import { ServerError } from "../server/serverError.js";
import { checkPrompt, type FileChecker } from "./checkPrompt.js";
import type { Dispatcher } from "./dispatcher.js";
import type { JobFeed } from "./jobFeed.js";
import type { JobStore } from "./jobStore.js";
import { graphHash, readNewJob } from "./readNewJob.js";

/** Where jobs learn which nodes and files there are. */
export interface NodeSource extends FileChecker {
  /** The nodes; waits a while for a worker that starts. @throws ServerError WORKER_NOT_READY */
  interfaces(): Promise<Catalog>;
}

export interface JobIntakeOptions {
  readonly store: JobStore;
  readonly feed: JobFeed;
  readonly dispatcher: () => Dispatcher;
  readonly nodes: NodeSource;
  readonly dataDir: string;
  /** Jobs that may wait. Default 10 000. */
  readonly maxQueued?: number;
  /** Bytes that must stay free on the disk. Default 256 MiB. */
  readonly minFreeBytes?: number;
}

/** How long an Idempotency-Key is remembered. */
const keyLife = 24 * 60 * 60 * 1000;
/** Bytes of posted jobs that are kept as read until they run; what is beyond is read again. */
const keptBytes = 64 * 1024 * 1024;

/** Milliseconds for which the room on the disk is taken to be what it was. */
const freeSeenFor = 1000;

/** Accepts jobs: reads, checks and stores what was posted, and has it ready when its turn comes. */
export class JobIntake {
  readonly #options: JobIntakeOptions;
  readonly #kept = new Map<string, { readonly job: NewJob; readonly bytes: number }>();
  #keptBytes = 0;
  #free = 0;
  #freeSeenAt = -Infinity;
  #stopping = false;

  constructor(options: JobIntakeOptions) {
    this.#options = options;
  }

  /** Accepts nothing more. */
  stop(): void {
    this.#stopping = true;
  }

  /**
   * Accepts a job; it is on the disk when this resolves. With a key that was used within 24 h, the job of that time is returned.
   * @throws ServerError: JOB_KEY_REUSED, JOB_QUEUE_FULL, SERVER_DISK_FULL, SERVER_STOPPING, WORKER_NOT_READY, HTTP_REQUEST, GRAPH_INVALID or
   * another GRAPH_* or FILE_* code with the problems; GraphError
   */
  async accept(body: Uint8Array, key?: string): Promise<Job> {
    const { store, feed, nodes } = this.#options;
    const bodyHash = key === undefined ? "" : createHash("sha256").update(body).digest("hex");
    const before = this.#withKey(key, bodyHash);
    if (before) return before;
    this.#refuseWhenFull();
    const given = readNewJob(body);
    const [interfaces] = await Promise.all([nodes.interfaces(), this.#refuseWithoutRoom(body.byteLength)]);
    const prompt = await checkPrompt(given.prompt, given.targets ?? null, interfaces, nodes);
    // While files were looked at, other requests came: what they brought counts.
    const meanwhile = this.#withKey(key, bodyHash);
    if (meanwhile) return meanwhile;
    this.#refuseWhenFull();
    const { job, chunk } = store.accept({
      body,
      title: given.title ?? "Untitled",
      front: given.front ?? false,
      graphHash: given.targets ? null : graphHash(prompt),
      key: key === undefined ? undefined : { key, bodyHash },
    });
    this.#keep(job.id, { ...given, prompt }, body.byteLength);
    feed.job(job);
    feed.events({ job: job.id, first: chunk.first, events: [{ type: "queued", at: job.createdAt }], text: chunk.text });
    this.#options.dispatcher().wake();
    return job;
  }

  /** The job as it is run. @throws ServerError or GraphError when it can't be any more, as nodes are gone */
  async prepare({ id }: Job, interfaces: Catalog): Promise<NewJob> {
    const kept = this.#kept.get(id);
    if (kept) {
      this.#forget(id);
      return kept.job;
    }
    const body = this.#options.store.body(id);
    if (!body) throw new ServerError("JOB_UNKNOWN", 404, `The graph of job "${id}" is not there any more`);
    const given = readNewJob(body);
    // Files may have gone since: the node that needs one says so when it runs.
    return { ...given, prompt: await checkPrompt(given.prompt, given.targets ?? null, interfaces, { check: () => Promise.resolve([]) }) };
  }

  #withKey(key: string | undefined, bodyHash: string): Job | undefined {
    if (key === undefined) return undefined;
    const found = this.#options.store.byKey(key, Date.now() - keyLife);
    if (!found) return undefined;
    if (found.bodyHash !== bodyHash) {
      throw new ServerError(
        "JOB_KEY_REUSED",
        409,
        `The Idempotency-Key ${JSON.stringify(key)} was used for another job; use a new key for each job`,
      );
    }
    const job = this.#options.store.get(found.job);
    if (!job) throw new ServerError("JOB_PRUNED", 410, `The job of the Idempotency-Key ${JSON.stringify(key)} was removed; use a new key`);
    return job;
  }

  #refuseWhenFull(): void {
    if (this.#stopping) throw new ServerError("SERVER_STOPPING", 503, "The server is being stopped and accepts no jobs; start it again");
    const most = this.#options.maxQueued ?? 10_000;
    const queued = this.#options.store.queuedCount();
    if (queued >= most)
      throw new ServerError("JOB_QUEUE_FULL", 429, `${queued} jobs wait already, and at most ${most} may; post it again later`);
  }

  async #refuseWithoutRoom(bytes: number): Promise<void> {
    const { dataDir, minFreeBytes = 256 * 1024 * 1024 } = this.#options;
    if (performance.now() - this.#freeSeenAt > freeSeenFor) {
      const { bavail, bsize } = await statfs(dataDir);
      [this.#free, this.#freeSeenAt] = [bavail * bsize, performance.now()];
    }
    const free = this.#free;
    if (free >= minFreeBytes + bytes) return;
    const megabytes = (n: number): number => Math.round(n / 1024 / 1024);
    throw new ServerError(
      "SERVER_DISK_FULL",
      507,
      `The disk of "${dataDir}" has ${megabytes(free)} MiB left; jobs are accepted while it has ${megabytes(minFreeBytes)}: make room`,
    );
  }

  #keep(id: string, job: NewJob, bytes: number): void {
    // A parsed graph is several times as large as its text; the queue may be long.
    if (this.#keptBytes + bytes > keptBytes && this.#kept.size > 0) return;
    this.#kept.set(id, { job, bytes });
    this.#keptBytes += bytes;
  }

  #forget(id: string): void {
    this.#keptBytes -= this.#kept.get(id)?.bytes ?? 0;
    this.#kept.delete(id);
  }

  /** A job ended without having run. */
  drop(id: string): void {
    this.#forget(id);
  }
}
