import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { encodePreview, type ServerMessage } from "@patchbay/protocol";
import type { AccessGuard } from "../access/accessGuard.js";
import { errorAnswer } from "../http/errorAnswer.js";
import type { JobDesk } from "../jobs/jobDesk.js";
import { ServerError } from "../server/serverError.js";
import { eventsText, SocketClient } from "./socketClient.js";

export interface RunSocketOptions {
  readonly guard: () => AccessGuard;
  readonly desk: JobDesk;
  /** What a client is told first. */
  readonly hello: () => Extract<ServerMessage, { type: "hello" }>;
  /** Milliseconds between two questions whether a client is there. Default 30 000. */
  readonly heartbeat?: number;
}

/** Most connections at a time. */
const mostClients = 256;
/** Most bytes of one message of a client. */
const maxPayload = 64 * 1024;

/** /studio/socket: see packages/protocol, socket.ts. Everything that happens is told to every client. */
export class RunSocket {
  readonly #options: RunSocketOptions;
  readonly #server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false, clientTracking: false });
  readonly #clients = new Set<SocketClient>();
  readonly #timer: NodeJS.Timeout;
  readonly #unsubscribe: () => void;

  constructor(options: RunSocketOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      for (const client of this.#clients) client.heartbeat();
    }, options.heartbeat ?? 30_000).unref();
    this.#unsubscribe = options.desk.feed.subscribe({
      job: (job) => this.#send({ type: "job", job: options.desk.view(job) }),
      events: ({ job, first, text }) => {
        if (this.#clients.size === 0) return;
        const message = Buffer.from(eventsText(job, first, text));
        for (const client of this.#clients) client.sendEvents(job, message);
      },
      progress: (progress) => this.#send({ type: "progress", ...progress }),
      preview: (preview) => {
        if (this.#clients.size === 0) return;
        const frame = encodePreview(preview);
        for (const client of this.#clients) client.sendPreview(`${preview.job} ${preview.node}`, frame);
      },
      worker: (state) => this.#send({ type: "worker", state }),
      catalog: (catalog) => this.#send({ type: "catalog", catalog }),
      results: () => this.#send({ type: "results" }),
    });
  }

  /** Takes the upgrade of an HTTP request, or refuses it as HTTP refuses requests. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    stream.on("error", () => stream.destroy());
    try {
      this.#options.guard().check(request);
      const { pathname } = new URL(request.url ?? "", "http://127.0.0.1");
      if (pathname !== "/studio/socket") throw new ServerError("HTTP_NOT_FOUND", 404, "The socket is at /studio/socket");
      if (this.#clients.size >= mostClients)
        throw new ServerError("SOCKET_FULL", 503, `${mostClients} clients are connected; no more are taken`);
    } catch (error) {
      refuse(stream, error);
      return;
    }
    this.#server.handleUpgrade(request, stream, head, (socket) => {
      const client = new SocketClient(socket, this.#options.desk);
      this.#clients.add(client);
      socket.on("close", () => this.#clients.delete(client));
      client.send(this.#options.hello());
    });
  }

  close(): void {
    clearInterval(this.#timer);
    this.#unsubscribe();
    for (const client of this.#clients) client.close(1001, "the server is stopped", 500);
  }

  #send(message: ServerMessage): void {
    if (this.#clients.size === 0) return;
    const text = Buffer.from(JSON.stringify(message));
    for (const client of this.#clients) client.sendText(text);
  }
}

function refuse(stream: Duplex, error: unknown): void {
  const { status, answer } = errorAnswer(error);
  const body = JSON.stringify(answer);
  stream.end(
    `HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
