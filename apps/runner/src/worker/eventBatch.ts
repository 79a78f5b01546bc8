import type { WorkerEvent } from "@patchbay/protocol";

/** Milliseconds that events wait for others to travel with: half a frame of a screen. */
const LINGER = 8;

/**
 * Gathers events so that many small ones become one message. A node's progress and previews replace those of it that wait already; the order of
 * all others is kept. What ends a run is sent at once.
 */
export class EventBatch {
  readonly #send: (events: WorkerEvent[]) => void;
  readonly #linger: number;
  #waiting: (WorkerEvent | undefined)[] = [];
  /** Places in `#waiting` of what a newer event of its kind replaces. */
  readonly #replaceable = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  /** When the oldest of what waits came. */
  #since = 0;

  constructor(send: (events: WorkerEvent[]) => void, linger = LINGER) {
    this.#send = send;
    this.#linger = linger;
  }

  add(event: WorkerEvent): void {
    if (event.type === "progress" || event.type === "preview") this.#replace(`${event.type} ${event.run} ${event.node}`);
    const now = performance.now();
    if (this.#waiting.length === 0) this.#since = now;
    this.#waiting.push(event);
    if (event.type === "result" || event.type === "error" || event.type === "cancelled") this.flush();
    // Long work of a node keeps timers from firing: the clock is looked at as well.
    else if (now - this.#since >= this.#linger) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), this.#linger);
  }

  #replace(key: string): void {
    const place = this.#replaceable.get(key);
    if (place !== undefined) this.#waiting[place] = undefined;
    this.#replaceable.set(key, this.#waiting.length);
  }

  /** Sends what waits, if anything does. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#replaceable.clear();
    const events = this.#waiting.filter((event) => event !== undefined);
    this.#waiting = [];
    if (events.length > 0) this.#send(events);
  }
}
