import { randomUUID } from "node:crypto";
import { stringifyJson, type Catalog, type JsonValue, type Prompt } from "@patchbay/graph";
import {
  workerMessageSchema,
  type Problem,
  type RunRequest,
  type WorkerEvent,
  type WorkerMessage,
  type WorkerState,
} from "@patchbay/protocol";
import type { TransportListener, WorkerEnd, WorkerTransport } from "./forkTransport.js";

export interface WorkerHandleOptions {
  readonly start: (listener: TransportListener) => WorkerTransport;
  readonly log: (line: string) => void;
  readonly onState: (state: WorkerState) => void;
  readonly onCatalog: () => void;
  readonly onEvents: (events: readonly WorkerEvent[]) => void;
  /** The process ended with run `run` unfinished; in words why. */
  readonly onRunLost: (run: string, reason: string) => void;
}

/** Pauses before a worker that died is started anew: the first, doubled with each death in a row up to the last. */
const shortestPause = 100;
const longestPause = 5000;
/** A worker that lived this long without a fault starts the pauses anew. */
const goodLife = 10_000;
/** How long a worker may take to get ready. */
const startTimeout = 120_000;
/** How long answers to a check or a refresh are waited for. */
const answerTimeout = 30_000;

const endings: ReadonlySet<string> = new Set(["result", "error", "cancelled"]);

interface Waiting {
  readonly resolve: (problems: readonly Problem[] | undefined) => void;
}

/**
 * One worker process, from its start to its restart after a death. `starting`: not ready yet; `idle` and `busy`: it answers; `down`: it died and is
 * started again after a pause.
 */
export class WorkerHandle {
  readonly #options: WorkerHandleOptions;
  readonly #checks = new Map<string, Waiting>();
  #refreshes: (() => void)[] = [];
  #transport: WorkerTransport | undefined;
  #state: WorkerState = "down";
  #run: string | undefined;
  #fatal: string | undefined;
  #condemned = false;
  #interfaces: Catalog | undefined;
  #catalogText: string | undefined;
  #deathsInARow = 0;
  #readySince = 0;
  #timer: NodeJS.Timeout | undefined;
  #closing: (() => void) | undefined;

  constructor(options: WorkerHandleOptions) {
    this.#options = options;
  }

  get state(): WorkerState {
    return this.#state;
  }

  /** The nodes, combos that list files left open; undefined until a worker has been ready once. They stay while it is down. */
  get interfaces(): Catalog | undefined {
    return this.#interfaces;
  }

  /** The same with the files that combos list, as JSON. */
  get catalogText(): string | undefined {
    return this.#catalogText;
  }

  get pid(): number | undefined {
    return this.#transport?.pid;
  }

  /** Starts the process, and again whenever it dies. */
  start(): void {
    this.#fatal = undefined;
    this.#condemned = false;
    this.#become("starting");
    const transport = this.#options.start({
      onMessage: (message) => {
        // Of what a worker that is being ended still says, nothing is believed.
        if (this.#transport === transport && !this.#condemned) this.#receive(message);
      },
      onEnd: (end) => this.#ended(end),
      onOutput: (line) => this.#options.log(`worker: ${line}`),
    });
    this.#transport = transport;
    this.#timer = setTimeout(() => this.kill(`it was not ready after ${startTimeout / 1000} s`), startTimeout).unref();
  }

  /** Gives it a run; only while it is idle. */
  run(request: RunRequest): void {
    if (this.#state !== "idle") throw new Error(`The worker is ${this.#state}: it takes no run`);
    this.#run = request.run;
    this.#become("busy");
    this.#transport!.send(request);
  }

  cancel(run: string): void {
    if (this.#run === run) this.#transport?.send({ type: "cancel", run });
  }

  /** What is wrong with a prompt, its files included; undefined when the worker could not say. */
  check(prompt: Prompt): Promise<readonly Problem[] | undefined> {
    if (!this.#answers()) return Promise.resolve(undefined);
    const check = randomUUID();
    const answer = this.#waitFor<readonly Problem[] | undefined>((resolve) => void this.#checks.set(check, { resolve }));
    this.#transport!.send({ type: "check", check, prompt });
    return answer;
  }

  /** Lets it look at its folders; resolves when its catalog says what is there, or when it could not say. */
  async refresh(): Promise<void> {
    if (this.#state === "down") return;
    const answer = this.#waitFor<void>((resolve) => void this.#refreshes.push(resolve));
    // One that starts may have looked already: it is asked once it is ready.
    if (this.#answers()) this.#transport!.send({ type: "refresh" });
    await answer;
  }

  /** Ends the process at once; it is started again. */
  kill(reason: string): void {
    this.#fatal ??= reason;
    this.#condemned = true;
    this.#transport?.kill();
  }

  /** Ends the process for good, at once when it is busy; resolves when it is gone. */
  close(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#transport) {
      this.#become("down");
      this.#closing ??= () => undefined;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#closing = resolve;
      if (this.#state === "busy") this.#transport?.kill();
      else this.#transport?.send({ type: "close" });
      setTimeout(() => this.#transport?.kill(), 1000).unref();
    });
  }

  #answers(): boolean {
    return this.#state === "idle" || this.#state === "busy";
  }

  async #waitFor<T>(begin: (resolve: (value: T | undefined) => void) => void): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<T | undefined>((resolve) => {
      begin(resolve);
      timer = setTimeout(() => resolve(undefined), answerTimeout);
    });
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
    }
  }

  #become(state: WorkerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#options.onState(state);
  }

  #receive(given: unknown): void {
    // Events are the hot path: their envelope is checked here, each of them where it is read (jobs/runEvents.ts).
    const events = (given as { type?: unknown; events?: unknown }).type === "events" ? (given as { events: unknown }).events : undefined;
    try {
      if (Array.isArray(events)) this.#receiveEvents(events as WorkerEvent[]);
      else this.#receiveMessage(workerMessageSchema.parse(given));
    } catch (cause) {
      this.kill(`it sent what could not be understood: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
  }

  #receiveEvents(events: readonly WorkerEvent[]): void {
    const ends = events.some((event) => event.run === this.#run && endings.has(event.type));
    if (ends) {
      this.#run = undefined;
      this.#deathsInARow = 0;
    }
    this.#options.onEvents(events);
    if (ends && this.#state === "busy") this.#become("idle");
  }

  #receiveMessage(message: WorkerMessage): void {
    switch (message.type) {
      case "ready":
        clearTimeout(this.#timer);
        this.#interfaces = message.interfaces;
        this.#readySince = performance.now();
        this.#setCatalog(message.catalog);
        this.#become("idle");
        if (this.#refreshes.length > 0) this.#transport!.send({ type: "refresh" });
        break;
      case "catalog": {
        this.#setCatalog(message.catalog);
        const waiting = this.#refreshes;
        this.#refreshes = [];
        for (const resolve of waiting) resolve();
        break;
      }
      case "checked":
        this.#checks.get(message.check)?.resolve(message.problems);
        this.#checks.delete(message.check);
        break;
      case "fatal":
        this.#fatal = `${message.error.code}: ${message.error.message}`;
        break;
      case "events":
        this.#receiveEvents(message.events);
        break;
    }
  }

  #setCatalog(catalog: Catalog): void {
    const text = stringifyJson(catalog as unknown as JsonValue);
    if (text === this.#catalogText) return;
    this.#catalogText = text;
    this.#options.onCatalog();
  }

  #ended(end: WorkerEnd): void {
    clearTimeout(this.#timer);
    const lived = this.#readySince > 0 ? performance.now() - this.#readySince : 0;
    this.#readySince = 0;
    this.#transport = undefined;
    const run = this.#run;
    this.#run = undefined;
    const reason = this.#fatal ?? inWords(end);
    for (const { resolve } of this.#checks.values()) resolve(undefined);
    this.#checks.clear();
    for (const resolve of this.#refreshes.splice(0)) resolve();
    if (!this.#closing) this.#options.log(`the worker ended: ${reason}`);
    this.#become("down");
    if (run !== undefined) this.#options.onRunLost(run, reason);
    if (this.#closing) {
      this.#closing();
      return;
    }
    if (lived >= goodLife) this.#deathsInARow = 0;
    const pause = Math.min(longestPause, shortestPause * 2 ** this.#deathsInARow++);
    this.#timer = setTimeout(() => this.start(), pause);
  }
}

function inWords({ code, signal, error }: WorkerEnd): string {
  if (error) return `its process could not be started: ${error.message}`;
  return signal ? `its process was ended by ${signal}` : `its process ended with code ${code}`;
}
