import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocket } from "ws";
import {
  decodePreview,
  isFinal,
  jobSchema,
  serverMessageSchema,
  type Job,
  type JobEvent,
  type JobList,
  type Preview,
  type ServerMessage,
} from "@patchbay/protocol";
import { startServer, type RunningServer, type ServerOptions } from "../server/startServer.js";

export const scriptedWorker = fileURLToPath(new URL("./scriptedWorker.mjs", import.meta.url));
/** The models folder of the repository, which holds the starter. */
export const starterModels = fileURLToPath(new URL("../../../../models", import.meta.url));

export interface NodeGiven {
  readonly class_type: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Speaks to a server as the studio does. */
export class TestClient {
  readonly base: string;
  readonly token: string;

  constructor(port: number, token: string) {
    this.base = `http://127.0.0.1:${port}`;
    this.token = token;
  }

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }

  request(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.base}/studio${path}`, { ...init, headers: { ...this.headers, ...(init.headers as Record<string, string>) } });
  }

  async json<T>(path: string, init: RequestInit = {}): Promise<T> {
    return (await this.request(path, init)).json() as Promise<T>;
  }

  /** Posts a job; `nodes` are named 1, 2, 3 … */
  post(nodes: readonly NodeGiven[], more: Readonly<Record<string, unknown>> = {}, headers: Record<string, string> = {}): Promise<Response> {
    const prompt = Object.fromEntries(nodes.map((node, i) => [String(i + 1), node]));
    return this.postBody(JSON.stringify({ prompt, ...more }), headers);
  }

  postBody(body: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.request("/jobs", { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
  }

  /** Posts a job that has to be accepted. */
  async accepted(nodes: readonly NodeGiven[], more: Readonly<Record<string, unknown>> = {}): Promise<Job> {
    const response = await this.post(nodes, more);
    const answer: unknown = await response.json();
    if (response.status !== 201) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
    return jobSchema.parse(answer);
  }

  async job(id: string): Promise<Job> {
    return jobSchema.parse(await this.json(`/jobs/${id}`));
  }

  async jobs(): Promise<readonly Job[]> {
    return (await this.json<JobList>("/jobs?limit=500")).jobs;
  }

  async events(id: string, after = 0): Promise<{ readonly first: number; readonly events: readonly JobEvent[] }> {
    return this.json(`/jobs/${id}/events?after=${after}`);
  }

  /** The job when it has come into a state that the condition names; by default when it has ended. */
  async until(id: string, condition: (job: Job) => boolean = ({ state }) => isFinal(state), patience = 20_000): Promise<Job> {
    for (const start = performance.now(); ;) {
      const job = await this.job(id);
      if (condition(job)) return job;
      if (performance.now() - start > patience) throw new Error(`After ${patience} ms the job is still ${JSON.stringify(job)}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async socket(): Promise<TestSocket> {
    const socket = new WebSocket(`${this.base.replace("http", "ws")}/studio/socket`, { headers: this.headers });
    const test = new TestSocket(socket);
    await test.until((messages) => messages.some(({ type }) => type === "hello"));
    return test;
  }
}

/** A socket that keeps all it was sent; every message is checked against its schema. */
export class TestSocket {
  readonly socket: WebSocket;
  readonly messages: ServerMessage[] = [];
  readonly previews: Preview[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  #waiting: (() => void)[] = [];

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer, isBinary) => {
      if (isBinary) this.previews.push(decodePreview(data)!);
      else this.messages.push(serverMessageSchema.parse(JSON.parse(data.toString())));
      this.#wake();
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#wake();
    });
    socket.on("error", () => undefined);
  }

  /** The events of a job that came, by their numbers, in the order in which they came. */
  eventsOf(job: string): { readonly number: number; readonly event: JobEvent }[] {
    return this.messages.flatMap((message) =>
      message.type === "events" && message.job === job ? message.events.map((event, i) => ({ number: message.first + i, event })) : [],
    );
  }

  async until(condition: (messages: readonly ServerMessage[]) => boolean, patience = 20_000): Promise<void> {
    const end = performance.now() + patience;
    while (!condition(this.messages)) {
      if (performance.now() > end)
        throw new Error(`Not so after ${patience} ms; the last messages: ${JSON.stringify(this.messages.slice(-5))}`);
      if (this.closed) throw new Error(`The socket was closed: ${JSON.stringify(this.closed)}`);
      await this.#change(end - performance.now());
    }
  }

  async untilClosed(patience = 20_000): Promise<{ readonly code: number; readonly reason: string }> {
    const end = performance.now() + patience;
    while (!this.closed && performance.now() < end) await this.#change(end - performance.now());
    if (!this.closed) throw new Error(`Not closed after ${patience} ms`);
    return this.closed;
  }

  untilEnd(job: string): Promise<void> {
    const ends = new Set(["done", "failed", "cancelled", "quarantined"]);
    let looked = 0;
    return this.until((messages) => {
      const rest = messages.slice(looked);
      looked = messages.length;
      return rest.some((message) => message.type === "events" && message.job === job && ends.has(message.events.at(-1)!.type));
    });
  }

  close(): void {
    this.socket.terminate();
  }

  #change(patience: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(1, patience));
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

export interface TestServer extends RunningServer {
  readonly client: TestClient;
  readonly dataDir: string;
  readonly log: string[];
  /** Closes it and removes its folder. */
  readonly end: () => Promise<void>;
}

/** A server in this process, on a folder of its own (or one that is given, which stays), with the scripted worker unless another is named. */
export async function startTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "patchbay-server-")));
  const log: string[] = [];
  const server = await startServer({
    port: 0,
    models: [],
    workerEntry: scriptedWorker,
    ...options,
    dataDir,
    log: (line) => void log.push(line),
  });
  const end = async (): Promise<void> => {
    await server.close();
    if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  return { ...server, client: new TestClient(server.port, server.token), dataDir, log, end };
}
