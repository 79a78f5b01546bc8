import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A Patchbay of its own, on a data folder of its own. */
export class StudioServer {
  readonly data: string;
  readonly #arguments: readonly string[];
  #process: ChildProcess | undefined;
  #port = 0;
  url = "";

  constructor(options: { readonly arguments?: readonly string[] } = {}) {
    this.data = mkdtempSync(join(tmpdir(), "patchbay-story-"));
    this.#arguments = options.arguments ?? [];
  }

  /** Starts it, or starts it again on the same port and data; resolves once its page answers. */
  async start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        join("apps", "cli", "bin", "patchbay.js"),
        "start",
        "--port",
        String(this.#port),
        "--data",
        this.data,
        "--no-open",
        ...this.#arguments,
      ],
      { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
    );
    this.#process = child;
    let output = "";
    this.url = await new Promise<string>((found, failed) => {
      const listen = (chunk: Buffer): void => {
        output += chunk.toString();
        const url = /http:\/\/\S+/.exec(output)?.[0];
        if (url !== undefined) found(url);
      };
      child.stdout?.on("data", listen);
      child.stderr?.on("data", listen);
      child.once("exit", (code) => failed(new Error(`patchbay start ended with ${code}:\n${output}`)));
    });
    this.#port = Number(new URL(this.url).port);
  }

  get token(): string {
    return new URL(this.url).searchParams.get("token") ?? "";
  }

  /** Asks the server itself, past the browser. */
  async fetch(
    path: string,
    init: Omit<RequestInit, "headers"> & { readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Response> {
    const { headers, ...rest } = init;
    return fetch(new URL(path, this.url), { ...rest, headers: { authorization: `Bearer ${this.token}`, ...headers } });
  }

  /** Ends it at once, as a crash would. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    if (existsSync(this.data)) rmSync(this.data, { recursive: true, force: true });
  }

  /** The processes of the workers: children of the server. */
  async workerPids(): Promise<number[]> {
    const { readFileSync } = await import("node:fs");
    const pid = this.#process?.pid;
    if (pid === undefined) return [];
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  }
}
