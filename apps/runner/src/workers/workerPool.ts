import type { Catalog, Prompt } from "@patchbay/graph";
import type { Problem, WorkerState } from "@patchbay/protocol";
import type { NodeSource } from "../jobs/jobIntake.js";
import { ServerError } from "../server/serverError.js";
import type { WorkerHandle } from "./workerHandle.js";

/** How long a request waits for a worker that is starting for the first time. */
const patience = 30_000;

/** What the server knows through its workers: the nodes, the files, and whether anybody works. All workers see the same folders. */
export class WorkerPool implements NodeSource {
  readonly #workers: readonly WorkerHandle[];
  readonly #patience: number;
  #waiting: (() => void)[] = [];
  #version = 0;

  constructor(workers: readonly WorkerHandle[], wait = patience) {
    this.#workers = workers;
    this.#patience = wait;
  }

  /** Grows with each change of the catalog; 0 before there is one. */
  get catalogVersion(): number {
    return this.#version;
  }

  get state(): WorkerState {
    const states = new Set(this.#workers.map(({ state }) => state));
    return (["busy", "idle", "starting"] as const).find((state) => states.has(state)) ?? "down";
  }

  /** To be called when a worker's catalog changed. */
  catalogChanged(): number {
    this.#version++;
    for (const resolve of this.#waiting.splice(0)) resolve();
    return this.#version;
  }

  /** @throws ServerError WORKER_NOT_READY */
  async interfaces(): Promise<Catalog> {
    return (await this.#informed()).interfaces!;
  }

  /** The catalog as JSON. @throws ServerError WORKER_NOT_READY */
  async catalogText(): Promise<string> {
    return (await this.#informed()).catalogText!;
  }

  async check(prompt: Prompt): Promise<readonly Problem[] | undefined> {
    return this.#answering()?.check(prompt);
  }

  /** Lets the workers look at their folders. */
  async refresh(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.refresh()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  #answering(): WorkerHandle | undefined {
    return this.#workers.find(({ state }) => state === "idle") ?? this.#workers.find(({ state }) => state === "busy");
  }

  /** A worker that has been ready once: what it said then holds while it restarts. */
  async #informed(): Promise<WorkerHandle> {
    const informed = (): WorkerHandle | undefined => this.#workers.find(({ catalogText }) => catalogText !== undefined);
    if (!informed()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, this.#patience).unref();
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    const worker = informed();
    if (worker) return worker;
    throw new ServerError(
      "WORKER_NOT_READY",
      503,
      "No worker is ready yet, so the nodes are not known; try again shortly, and look at the server's log",
    );
  }
}
