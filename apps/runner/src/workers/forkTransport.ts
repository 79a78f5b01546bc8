import { fork, type ChildProcess } from "node:child_process";
import { writeFile } from "node:fs";
import type { WorkerRequest, WorkerSettings } from "@patchbay/protocol";

/** How a worker process came to its end. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it could not be started, if it could not. */
  readonly error?: Error;
}

export interface TransportListener {
  readonly onMessage: (message: unknown) => void;
  /** Once; nothing comes after it. */
  readonly onEnd: (end: WorkerEnd) => void;
  /** Lines that the process printed. */
  readonly onOutput: (line: string) => void;
}

export interface WorkerTransport {
  readonly pid: number | undefined;
  send(request: WorkerRequest): void;
  kill(): void;
}

/** Starts a worker process and carries messages to and fro: nothing else is known here of what they mean. */
export function forkTransport(entry: string, settings: WorkerSettings, listener: TransportListener): WorkerTransport {
  const child = fork(entry, [JSON.stringify(settings)], {
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: process.execArgv.filter((argument) => argument.startsWith("--max-old-space-size")),
  });
  let ended = false;
  const end = (how: WorkerEnd): void => {
    if (ended) return;
    ended = true;
    listener.onEnd(how);
  };
  child.on("message", (message) => {
    if (!ended) listener.onMessage(message);
  });
  child.on("error", (error) => {
    // A failed send is told as "error", too: then "exit" is still to come, or is made to.
    if (child.pid === undefined) end({ code: null, signal: null, error });
    else child.kill("SIGKILL");
  });
  child.on("exit", (code, signal) => end({ code, signal }));
  // A worker that closed its channel can't be talked to any more.
  child.on("disconnect", () => child.kill("SIGKILL"));
  for (const stream of [child.stdout, child.stderr]) forwardLines(stream, listener.onOutput);
  killedFirst(child);
  return {
    pid: child.pid,
    send: (request) => void child.send(request, () => undefined),
    kill: () => void child.kill("SIGKILL"),
  };
}

/** When the machine runs out of memory, Linux should end the worker, whose job is run again, and not the server. */
function killedFirst({ pid }: ChildProcess): void {
  if (process.platform === "linux" && pid !== undefined) writeFile(`/proc/${pid}/oom_score_adj`, "500", () => undefined);
}

/** Longest line that is kept whole. */
const longestLine = 8192;

function forwardLines(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  if (!stream) return;
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!.slice(-longestLine);
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
