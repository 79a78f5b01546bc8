import type { WorkerMessage, WorkerRequest } from "@patchbay/protocol";
import { CatalogWatch } from "./catalogWatch.js";
import { EventBatch } from "./eventBatch.js";
import type { Worker } from "./worker.js";

/** Answers requests of a server with a worker: what a worker process does, apart from being a process. */
export class WorkerService {
  readonly #worker: Worker;
  readonly #send: (message: WorkerMessage) => void;
  readonly #events: EventBatch;
  readonly #watch: CatalogWatch;
  readonly #runs = new Map<string, AbortController>();
  /** Runs are done one after another, in the order in which they came. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(worker: Worker, send: (message: WorkerMessage) => void) {
    this.#worker = worker;
    this.#send = send;
    this.#events = new EventBatch((events) => send({ type: "events", events }));
    this.#watch = new CatalogWatch(worker, (catalog) => send({ type: "catalog", catalog }));
  }

  /** Sends `ready`, and watches the folders of files from then on. */
  async start(): Promise<void> {
    this.#send({ type: "ready", interfaces: this.#worker.interfaces(), catalog: await this.#watch.start() });
  }

  /** Ends what would go on by itself. */
  stop(): void {
    this.#watch.stop();
  }

  /** Does what is asked; resolves when it is done, a `close` when nothing runs any more. */
  async handle(request: WorkerRequest): Promise<void> {
    switch (request.type) {
      case "run": {
        const controller = new AbortController();
        this.#runs.set(request.run, controller);
        const { run } = request;
        const before = this.#last;
        const running = (async () => {
          await before;
          await this.#worker.run(request, {
            signal: controller.signal,
            onEvent: (event) => this.#events.add(event),
            onWarning: (node, message) => this.#events.add({ type: "warning", run, node, message }),
          });
          this.#runs.delete(run);
        })();
        this.#last = running;
        await running;
        return;
      }
      case "cancel":
        this.#runs.get(request.run)?.abort();
        return;
      case "check":
        this.#send({ type: "checked", check: request.check, problems: [...(await this.#worker.check(request.prompt)).problems] });
        return;
      case "refresh":
        await this.#watch.refresh();
        return;
      case "close":
        await this.#last;
        return;
    }
  }
}
