import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { endPatchbay, servePatchbay } from "../../tools/servePatchbay.mjs";

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
    const { child, url } = await servePatchbay(["--port", String(this.#port), "--data", this.data, ...this.#arguments]);
    this.#process = child;
    this.url = url;
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
    if (child) await endPatchbay(child, signal);
  }
}
