import { fork, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Prompt } from "@patchbay/graph";
import type { RunRequest, WorkerEvent, WorkerMessage, WorkerRequest, WorkerSettings } from "@patchbay/protocol";
import { workerEntry } from "../worker/workerEntry.js";

export const modelsFolder = fileURLToPath(new URL("../../../../models", import.meta.url));

/** Folders of their own for a worker, with Patchbay's models. */
export function newSettings(): WorkerSettings {
  const root = mkdtempSync(join(tmpdir(), "patchbay-worker-"));
  for (const name of ["input", "output", "temp", "blobs"]) mkdirSync(join(root, name));
  const [inputDir, outputDir, tempDir, blobDir] = ["input", "output", "temp", "blobs"].map((name) => join(root, name)) as [
    string,
    string,
    string,
    string,
  ];
  return { inputDir, outputDir, tempDir, blobDir, modelRoots: [modelsFolder] };
}

/** An event, and the milliseconds since its run was asked for. */
export type TimedEvent = WorkerEvent & { readonly at: number };

/** A worker process as a server sees it. */
export class ForkedWorker {
  readonly child: ChildProcess;
  readonly settings: WorkerSettings;
  readonly messages: WorkerMessage[] = [];
  readonly exited: Promise<number | null>;
  readonly #listeners = new Set<(message: WorkerMessage) => void>();
  #runs = 0;

  constructor(settings = newSettings(), argument = JSON.stringify(settings)) {
    this.settings = settings;
    // Not the test runner's own flags: they would have Node resolve packages to their TypeScript.
    const execArgv: string[] = [];
    this.child = fork(workerEntry, [argument], { execArgv, serialization: "advanced", stdio: ["ignore", "inherit", "ignore", "ipc"] });
    this.exited = new Promise((resolve) => this.child.on("exit", (code) => resolve(code)));
    this.child.on("message", (message) => {
      this.messages.push(message as WorkerMessage);
      for (const listener of this.#listeners) listener(message as WorkerMessage);
    });
  }

  send(request: WorkerRequest): void {
    this.child.send(request);
  }

  /** The first message, of those there were or those to come, for which a test gives something. */
  async first<Found>(test: (message: WorkerMessage) => Found | undefined): Promise<Found> {
    for (const message of this.messages) {
      const found = test(message);
      if (found !== undefined) return found;
    }
    return this.next(test);
  }

  /** The same of messages to come only. */
  async next<Found>(test: (message: WorkerMessage) => Found | undefined): Promise<Found> {
    return new Promise((resolve) => {
      const listener = (message: WorkerMessage): void => {
        const found = test(message);
        if (found === undefined) return;
        this.#listeners.delete(listener);
        resolve(found);
      };
      this.#listeners.add(listener);
    });
  }

  async ready(): Promise<WorkerMessage & { type: "ready" }> {
    return this.first((message) => (message.type === "ready" ? message : undefined));
  }

  /** Runs a prompt; gives all its events, the last one how it ended. `onEvent` may cancel it. */
  async run(prompt: Prompt, options: Partial<RunRequest> & { onEvent?: (event: TimedEvent) => void } = {}): Promise<TimedEvent[]> {
    const { onEvent, run = `run ${++this.#runs}`, ...more } = options;
    const began = performance.now();
    const events: TimedEvent[] = [];
    const ended = this.next((message) => {
      for (const event of message.type === "events" ? message.events : []) {
        if (event.run !== run) continue;
        const timed = { ...event, at: performance.now() - began };
        events.push(timed);
        onEvent?.(timed);
        if (event.type === "result" || event.type === "error" || event.type === "cancelled") return true;
      }
      return undefined;
    });
    const request: RunRequest = {
      type: "run",
      run,
      prompt,
      workflow: null,
      targets: null,
      metadata: true,
      memoryLimit: null,
      precision: "exact",
    };
    this.send({ ...request, ...more });
    await ended;
    return events;
  }
}
