import type { WebSocket } from "ws";
import { clientMessageSchema, type ServerMessage } from "@patchbay/protocol";
import type { EventBatch } from "../jobs/jobFeed.js";
import type { JobDesk } from "../jobs/jobDesk.js";
import { ServerError } from "../server/serverError.js";

/** Bytes that may wait for a client that reads slowly; with more it is closed and may resume. */
const mostWaiting = 16 * 1024 * 1024;
/** With more than this waiting, previews are held back and only the newest of each node is kept. */
const previewsWait = 512 * 1024;
/** Messages that could not be understood, after which a client is closed. */
const mostErrors = 20;
/** How long a client may take to read the reason why it is closed. */
const closePatience = 10_000;

/** One connection: sends what happens, and, to a client that was away, what it missed, paced by how fast it reads. */
export class SocketClient {
  readonly #socket: WebSocket;
  readonly #desk: JobDesk;
  /** Jobs whose old events are being sent, by id, with the number of the next one. Their new ones wait in the record meanwhile. */
  readonly #resuming = new Map<string, { readonly number: number; next: number }>();
  readonly #heldPreviews = new Map<string, Uint8Array>();
  #pumping = false;
  #errors = 0;
  #alive = true;

  constructor(socket: WebSocket, desk: JobDesk) {
    this.#socket = socket;
    this.#desk = desk;
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#receive(data, isBinary));
    socket.on("pong", () => (this.#alive = true));
    // What ws closes by itself (a frame too large, broken UTF-8) it tells as an error as well.
    socket.on("error", () => undefined);
  }

  send(message: ServerMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string | Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > mostWaiting) {
      this.close(1013, "too slow: connect again and resume");
      return;
    }
    this.#socket.send(text, { binary: false }, () => this.#releasePreviews());
  }

  /** Passes on new events, unless older ones of the same job are still to come. */
  sendEvents(job: EventBatch["job"], text: Buffer): void {
    if (!this.#resuming.has(job)) this.sendText(text);
  }

  /** Sends a preview, or holds it back while the client is behind; `slot` names the picture that it replaces. */
  sendPreview(slot: string, frame: Uint8Array): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > previewsWait) this.#heldPreviews.set(slot, frame);
    else this.#socket.send(frame, { binary: true }, () => this.#releasePreviews());
  }

  /** Asks whether the other end is there; one that did not answer the last time is let go. */
  heartbeat(): void {
    if (!this.#alive) {
      this.#socket.terminate();
      return;
    }
    this.#alive = false;
    this.#socket.ping(() => undefined);
  }

  /** Tells the client why, and gives it so many milliseconds to read that. */
  close(code: number, reason: string, patience = closePatience): void {
    this.#heldPreviews.clear();
    this.#resuming.clear();
    this.#socket.close(code, reason);
    setTimeout(() => this.#socket.terminate(), patience).unref();
  }

  #releasePreviews(): void {
    for (const [slot, frame] of this.#heldPreviews) {
      if (this.#socket.bufferedAmount > previewsWait) return;
      this.#heldPreviews.delete(slot);
      this.sendPreview(slot, frame);
    }
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.close(1003, "only text is taken");
      return;
    }
    const parsed = clientMessageSchema.safeParse(parse(data));
    if (!parsed.success) {
      this.#refuse("SOCKET_MESSAGE", 'The message is none that is known, such as {"type":"resume","job":"ID","after":0}', null);
      return;
    }
    const { job: id, after } = parsed.data;
    try {
      const { number, lastEvent } = this.#desk.job(id);
      if (after > lastEvent) {
        this.#refuse("SOCKET_RESUME", `Job "${id}" has ${lastEvent} events, none after number ${after}; fetch the job again`, id);
        return;
      }
      if (after === lastEvent) return;
      this.#resuming.set(id, { number, next: after + 1 });
      if (!this.#pumping) void this.#pump();
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      this.send({ type: "error", code: error.code, message: error.message, job: id });
    }
  }

  #refuse(code: "SOCKET_MESSAGE" | "SOCKET_RESUME", message: string, job: string | null): void {
    this.send({ type: "error", code, message, job });
    if (++this.#errors >= mostErrors) this.close(1008, "too many messages that are not understood");
  }

  /** Sends old events piece by piece, each when the one before has gone out, until no job has any that were not sent. */
  async #pump(): Promise<void> {
    this.#pumping = true;
    for (const [id, resume] of this.#resuming) {
      while (this.#resuming.get(id) === resume && this.#socket.readyState === this.#socket.OPEN) {
        const chunk = this.#desk.store.events.read(resume.number, resume.next - 1);
        const sent =
          chunk && new Promise((resolve) => this.#socket.send(eventsText(id, chunk.first, chunk.text), { binary: false }, resolve));
        if (chunk) resume.next = chunk.first + chunk.count;
        // From here on it hears of new events at once: nothing can come between as nothing was waited for.
        if (!chunk || resume.next > this.#desk.store.lastEventOf(resume.number)) this.#resuming.delete(id);
        await sent;
      }
    }
    this.#pumping = false;
    if (this.#resuming.size > 0 && this.#socket.readyState === this.#socket.OPEN) void this.#pump();
  }
}

/** The message `events`, made of text that is JSON already. */
export function eventsText(job: string, first: number, text: string): string {
  return `{"type":"events","job":${JSON.stringify(job)},"first":${first},"events":[${text}]}`;
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString("utf8"));
  } catch {
    return undefined;
  }
}
