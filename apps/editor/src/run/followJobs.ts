import { isFinal, type Job, type JobEvent, type Preview, type ServerMessage } from "@patchbay/protocol";
import type { StudioSocket } from "../api/socket.js";
import { applyUpdates, clearShown, showJob, withJob, type RunStore, type RunUpdate } from "./runStore.js";

export interface FollowOptions {
  readonly store: RunStore;
  /** Fetches a job that is known by its id only. */
  readonly fetchJob: (id: string) => Promise<Job>;
  /** Events of a job after a number. */
  readonly fetchEvents: (id: string, after: number) => Promise<{ readonly first: number; readonly events: readonly JobEvent[] }>;
  readonly onCatalog: (catalog: number) => void;
  readonly onResults: () => void;
  /** Calls back before the next frame is drawn, or soon when nothing is drawn. */
  readonly nextFrame: (callback: () => void) => void;
}

/**
 * Keeps the run store at what the server says. Only the events of one job, the shown one, are looked at: the newest of this graph's jobs that
 * has begun. They are applied once a frame.
 */
export class JobFollower {
  readonly #options: FollowOptions;
  #socket: StudioSocket | undefined;
  /** Jobs that this graph was run as; the newest last. */
  #own: string[] = [];
  /** The number of the shown job's last event that was taken in. */
  #lastEvent = 0;
  /** The shown job's state by the events that came, of which some may not be in the store yet; null while none is shown. */
  #state: Job["state"] | null = null;
  /** Told when the jobs of the open graph change. */
  onOwnChanged: () => void = () => undefined;
  #pending: RunUpdate[] = [];
  #scheduled = false;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  /** Gives the connection by which lost events are asked for. */
  attach(socket: StudioSocket): void {
    this.#socket = socket;
  }

  /** Jobs of the graph that is open, the newest last. */
  get own(): readonly string[] {
    return this.#own;
  }

  /** Another graph is open, with the jobs that it was run as: shows the newest of them. */
  async open(jobs: readonly string[]): Promise<void> {
    this.#own = [...jobs];
    this.onOwnChanged();
    this.#lastEvent = 0;
    this.#pending = [];
    this.#state = null;
    this.#options.store.setState(clearShown(this.#options.store.getState()), true);
    const newest = jobs.at(-1);
    if (newest === undefined) return;
    await this.#show(this.#running()?.id ?? newest).catch(() => undefined);
  }

  /** The open graph was queued as this job. */
  add(job: Job): void {
    this.#own.push(job.id);
    this.onOwnChanged();
    const { store } = this.#options;
    store.setState({ queue: withJob(store.getState().queue, job), problems: {}, graphProblems: [] });
    if (this.#isFree()) this.#turnTo(job);
  }

  message(message: ServerMessage): void {
    const { store, onCatalog, onResults } = this.#options;
    switch (message.type) {
      case "hello": {
        store.setState({ queue: message.jobs, worker: message.worker });
        onCatalog(message.catalog);
        onResults();
        void this.#catchUp();
        return;
      }
      case "job":
        store.setState({ queue: withJob(store.getState().queue, message.job) });
        return;
      case "worker":
        store.setState({ worker: message.state });
        return;
      case "catalog":
        onCatalog(message.catalog);
        return;
      case "results":
        onResults();
        return;
      case "progress":
        if (message.job === store.getState().shown)
          this.#push({ type: "progress", node: message.node, value: message.value, max: message.max });
        return;
      case "events":
        this.#events(message.job, message.first, message.events);
        return;
      case "error":
        return;
    }
  }

  preview(preview: Preview): void {
    if (preview.job === this.#options.store.getState().shown) this.#push({ type: "preview", preview });
  }

  /** After a time without the server: what the shown job's events were, and whether another of this graph's jobs has taken its place. */
  async #catchUp(): Promise<void> {
    const { shown } = this.#options.store.getState();
    if (shown === null) return;
    const running = this.#running();
    const newest = this.#own.at(-1);
    if (running && running.id !== shown) this.#turnTo(running);
    else if (!running && newest !== undefined && newest !== shown && !this.#isQueued(newest))
      await this.#show(newest).catch(() => undefined);
    else this.#socket?.resume(shown, this.#lastEvent);
  }

  /** The job of this graph that a worker has. */
  #running(): Job | undefined {
    return this.#options.store.getState().queue.find(({ id, state }) => this.#own.includes(id) && state !== "queued");
  }

  #isQueued(id: string): boolean {
    return this.#options.store.getState().queue.some((job) => job.id === id);
  }

  /** Whether another job may be shown: none is, or what is to be seen of the shown one was. */
  #isFree(): boolean {
    return this.#state === null || isFinal(this.#state) || this.#state === "queued";
  }

  #events(id: string, first: number, events: readonly JobEvent[]): void {
    const { store } = this.#options;
    this.#track(id, events);
    if (id !== store.getState().shown && events.some(({ type }) => type === "started") && this.#own.includes(id) && this.#isFree()) {
      const job = store.getState().queue.find((known) => known.id === id);
      if (job) this.#turnTo(job);
      // All of its events come again, from the first.
      return;
    }
    if (id !== store.getState().shown) return;
    if (first > this.#lastEvent + 1) {
      this.#socket?.resume(id, this.#lastEvent);
      return;
    }
    for (const [at, event] of events.entries()) {
      if (first + at <= this.#lastEvent) continue;
      this.#lastEvent = first + at;
      this.#state = stateAfter(event) ?? this.#state;
      this.#push({ type: "event", event });
    }
    const next = this.#state !== null && isFinal(this.#state) ? this.#running() : undefined;
    if (next && next.id !== id) this.#turnTo(next);
  }

  /** Keeps the queue's states at what events of any job say. */
  #track(id: string, events: readonly JobEvent[]): void {
    const { store } = this.#options;
    for (const event of events) {
      const state = stateAfter(event);
      if (!state) continue;
      const job = store.getState().queue.find((known) => known.id === id);
      if (job && job.state !== state) {
        const startedAt = event.type === "started" ? event.at : job.startedAt;
        store.setState({ queue: withJob(store.getState().queue, { ...job, state, startedAt }) });
      }
    }
  }

  #turnTo(job: Job): void {
    this.#turn(job);
    this.#socket?.resume(job.id, 0);
  }

  #turn(job: Job): void {
    this.#flush();
    this.#lastEvent = 0;
    this.#state = job.state;
    this.#options.store.setState((state) => showJob(state, job), true);
  }

  async #show(id: string): Promise<void> {
    const [job, { first, events }] = await Promise.all([this.#options.fetchJob(id), this.#options.fetchEvents(id, 0)]);
    if (!this.#own.includes(id)) return;
    if (this.#options.store.getState().shown !== id) this.#turn(job);
    this.#events(id, first, events);
    this.#flush();
  }

  #push(update: RunUpdate): void {
    this.#pending.push(update);
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#options.nextFrame(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const updates = this.#pending;
    this.#pending = [];
    if (updates.length > 0) this.#options.store.setState((state) => applyUpdates(state, updates), true);
  }
}

function stateAfter(event: JobEvent): Job["state"] | undefined {
  switch (event.type) {
    case "queued":
    case "requeued":
      return "queued";
    case "started":
      return "running";
    case "cancelling":
    case "done":
    case "failed":
    case "cancelled":
    case "quarantined":
      return event.type;
    default:
      return undefined;
  }
}
