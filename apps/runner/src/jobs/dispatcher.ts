import type { Catalog } from "@patchbay/graph";
import {
  isFinal,
  type Job,
  type JobEvent,
  type JobFile,
  type NewJob,
  type Precision,
  type RunError,
  type WorkerEvent,
} from "@patchbay/protocol";
import type { WorkerHandle } from "../workers/workerHandle.js";
import type { JobFeed } from "./jobFeed.js";
import type { JobStore, Move } from "./jobStore.js";
import { ProgressPace } from "./progressPace.js";
import { readRunEvent } from "./runEvents.js";

/** An attempt at a job that a worker has now. */
interface Running {
  readonly job: Job;
  readonly worker: WorkerHandle;
  /** Names the attempt to the worker. */
  readonly run: string;
  readonly files: JobFile[];
  /** Nodes that have begun and not finished: what a worker died at. */
  readonly open: Set<string>;
  killTimer: NodeJS.Timeout | undefined;
}

export interface DispatcherOptions {
  readonly store: JobStore;
  readonly feed: JobFeed;
  /** The job as it is run: read again from what was posted, checked against these nodes. */
  readonly prepare: (job: Job, interfaces: Catalog) => Promise<NewJob>;
  /** Milliseconds that a worker may take to heed a cancel before it is ended. Default 10 000. */
  readonly cancelPatience?: number;
  /** Bytes a run may hold; no bound unless given. */
  readonly memoryLimit?: number;
  /** What jobs that don't say are computed with; "exact" unless given. */
  readonly precision?: Precision;
}

/** How many workers may die of a job. */
const mostDeaths = 2;

/** Gives waiting jobs to idle workers, and brings what becomes of them into the record and to all who listen. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #workers: WorkerHandle[] = [];
  readonly #running = new Map<string, Running>();
  readonly #pace: ProgressPace;
  #stopped = false;
  #woken = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#pace = new ProgressPace((progress) => options.feed.progress(progress));
  }

  addWorker(worker: WorkerHandle): void {
    this.#workers.push(worker);
  }

  /** Whether a run is in progress. */
  get busy(): boolean {
    return this.#running.size > 0;
  }

  /** Hashes of the files that runs in progress have written. */
  filesInUse(): Set<string> {
    return new Set([...this.#running.values()].flatMap(({ files }) => files.map(({ hash }) => hash)));
  }

  /** The files that a job has written so far, while it runs. */
  filesSoFar(job: string): readonly JobFile[] | undefined {
    return [...this.#running.values()].find((running) => running.job.id === job)?.files;
  }

  /** Looks for jobs to run, soon: whatever else is to be answered goes first. */
  wake(): void {
    if (this.#woken || this.#stopped) return;
    this.#woken = true;
    setImmediate(() => {
      this.#woken = false;
      this.#claim();
    });
  }

  /** Jobs that a server that ended left running: they wait again, and what was to be cancelled is. */
  recover(): void {
    for (const { id, state } of this.#options.store.unfinished()) {
      if (state === "running") this.#giveBack(id, "The server ended while the job ran");
      if (state === "cancelling") this.#move(id, { to: "cancelled", event: { type: "cancelled", at: Date.now() } });
    }
  }

  /** Cancels a job: at once when it waits; when it runs, its worker is asked to stop, and ended if it doesn't. */
  cancel(id: string): void {
    const at = Date.now();
    const { store } = this.#options;
    if (store.get(id)?.state === "queued" && this.#move(id, { to: "cancelled", event: { type: "cancelled", at } })) return;
    if (!this.#move(id, { to: "cancelling", event: { type: "cancelling", at } })) return;
    const running = [...this.#running.values()].find(({ job }) => job.id === id);
    if (!running) return;
    const patience = this.#options.cancelPatience ?? 10_000;
    running.worker.cancel(running.run);
    running.killTimer ??= setTimeout(() => running.worker.kill(`it did not stop within ${patience / 1000} s of a cancel`), patience);
  }

  /** Cancels every job that waits; returns how many. */
  clear(): number {
    const cleared = this.#options.store.clear();
    for (const { job, chunk } of cleared) {
      this.#options.feed.events({ job: job.id, first: chunk.first, events: [{ type: "cancelled", at: job.endedAt! }], text: chunk.text });
    }
    return cleared.length;
  }

  /** Begins nothing more, and waits for what runs, so long; then what still runs goes back to the queue. */
  async stop(patience: number): Promise<void> {
    this.#stopped = true;
    const until = performance.now() + patience;
    while (this.busy && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
    for (const { job, killTimer } of this.#running.values()) {
      clearTimeout(killTimer);
      if (this.#giveBack(job.id, "The server was stopped while the job ran")) continue;
      this.#move(job.id, { to: "cancelled", event: { type: "cancelled", at: Date.now() } });
    }
    this.#running.clear();
  }

  /** What a worker tells of its runs. Of a run that is not in progress any more, nothing is taken. */
  receive(events: readonly WorkerEvent[]): void {
    const at = Date.now();
    let [current, batch]: [Running | undefined, JobEvent[]] = [undefined, []];
    for (const event of events) {
      const running = this.#running.get(event.run);
      if (!running) continue;
      if (running !== current) {
        this.#record(current, batch);
        [current, batch] = [running, []];
      }
      const { job } = running;
      const read = readRunEvent(event, job.attempt, at);
      switch (read.kind) {
        case "event":
          batch.push(read.event);
          this.#follow(running, read.event);
          break;
        case "progress":
          this.#pace.add({ job: job.id, node: read.node, value: read.value, max: read.max });
          break;
        case "preview": {
          const { node, value, max, mediaType, width, height, bytes } = read.event;
          this.#options.feed.preview({ job: job.id, node, value, max, mediaType, width, height, bytes });
          break;
        }
        case "end":
          // What is still to be recorded goes to the disk with the end: once, not twice.
          this.#end(running, {
            to: read.to,
            before: batch,
            event: read.event,
            ...(read.event.type === "failed" && { error: read.event.error }),
          });
          batch = [];
          break;
      }
    }
    this.#record(current, batch);
  }

  /** A worker died with this run unfinished: the job runs again, unless too many died of it. */
  lost(run: string, reason: string): void {
    const running = this.#running.get(run);
    if (!running) return;
    const { job, open } = running;
    this.#running.delete(run);
    clearTimeout(running.killTimer);
    const at = Date.now();
    if (this.#move(job.id, { to: "cancelled", attempt: job.attempt, event: { type: "cancelled", at } }, ["cancelling"])) return;
    const deaths = this.#options.store.deathsOf(job.id) + 1;
    if (deaths < mostDeaths) {
      this.#move(job.id, {
        to: "queued",
        attempt: job.attempt,
        died: true,
        event: { type: "requeued", at, reason: `The worker ended: ${reason}` },
      });
      return;
    }
    const node = [...open].at(-1) ?? null;
    const where = node === null ? "" : ` while node ${JSON.stringify(node)} ran`;
    const error: RunError = {
      code: "JOB_QUARANTINED",
      message: `The job ended ${deaths} workers and is not tried again; the last one${where}: ${reason}`,
      node,
      nodeType: null,
    };
    this.#move(job.id, { to: "quarantined", attempt: job.attempt, died: true, error, event: { type: "quarantined", at, error } });
  }

  #claim(): void {
    for (const worker of this.#workers) {
      if (this.#stopped || worker.state !== "idle" || !worker.interfaces || this.#isTaken(worker)) continue;
      const job = this.#options.store.claim();
      if (!job) return;
      void this.#begin(job, worker, worker.interfaces);
    }
  }

  #isTaken(worker: WorkerHandle): boolean {
    return [...this.#running.values()].some((running) => running.worker === worker);
  }

  async #begin(job: Job, worker: WorkerHandle, interfaces: Catalog): Promise<void> {
    const running: Running = { job, worker, run: `${job.id}/${job.attempt}`, files: [], open: new Set(), killTimer: undefined };
    this.#running.set(running.run, running);
    let given: NewJob;
    try {
      given = await this.#options.prepare(job, interfaces);
    } catch (cause) {
      const { code = "GRAPH_INVALID", message } = cause as { code?: string; message: string };
      const error: RunError = { code, message, node: null, nodeType: null };
      this.#end(running, { to: "failed", error, event: { type: "failed", at: Date.now(), error } });
      return;
    }
    // Meanwhile the job may have been cancelled, or the worker may have died.
    if (this.#running.get(running.run) !== running) return;
    if (this.#options.store.get(job.id)?.state === "cancelling") {
      this.#end(running, { to: "cancelled", event: { type: "cancelled", at: Date.now() } });
      return;
    }
    if (worker.state !== "idle") {
      this.#running.delete(running.run);
      this.#giveBack(job.id, "The worker ended before it had the job");
      return;
    }
    worker.run({
      type: "run",
      run: running.run,
      prompt: given.prompt,
      workflow: given.workflow ?? null,
      targets: given.targets ?? null,
      metadata: given.metadata ?? true,
      memoryLimit: this.#options.memoryLimit ?? null,
      precision: given.precision ?? this.#options.precision ?? "exact",
    });
  }

  #follow({ open, files }: Running, event: JobEvent): void {
    if (event.type === "nodeStarted") open.add(event.node);
    if (event.type !== "nodeFinished") return;
    open.delete(event.node);
    files.push(...event.files);
  }

  #record(running: Running | undefined, batch: readonly JobEvent[]): void {
    if (!running || batch.length === 0) return;
    const { id, attempt } = running.job;
    const chunk = this.#options.store.append(id, attempt, batch);
    if (!chunk) return;
    this.#pace.flush();
    this.#options.feed.events({ job: id, first: chunk.first, events: batch, text: chunk.text });
  }

  #end(running: Running, move: Move): void {
    const { job, run, files } = running;
    this.#running.delete(run);
    clearTimeout(running.killTimer);
    const moved = this.#move(job.id, { ...move, attempt: job.attempt, files });
    if (moved && files.some(({ type, kind }) => type === "output" && kind === "images")) this.#options.feed.results();
    this.wake();
  }

  #giveBack(id: string, reason: string): boolean {
    return this.#move(id, { to: "queued", event: { type: "requeued", at: Date.now(), reason } });
  }

  /** Changes a job's state and tells of it; false when it may not be. `from`: only from these states. */
  #move(id: string, move: Move, from?: readonly Job["state"][]): boolean {
    const { store, feed } = this.#options;
    if (from && !from.includes(store.get(id)?.state ?? "done")) return false;
    const moved = store.move(id, move);
    if (!moved) return false;
    this.#pace.flush();
    feed.events({ job: id, first: moved.chunk.first, events: [...(move.before ?? []), move.event], text: moved.chunk.text });
    if (isFinal(moved.job.state) || moved.job.state === "queued") this.wake();
    return true;
  }
}
