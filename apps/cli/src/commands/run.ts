import { randomUUID } from "node:crypto";
import { relative } from "node:path";
import type { Precision, RunOutcome, SavedFile, Worker } from "@patchbay/runner/worker";
import type { FolderFlags } from "../arguments/folderOptions.js";
import { parsePrecision } from "../arguments/parsePrecision.js";
import { parseSize } from "../arguments/parseSize.js";
import { parseWhole } from "../arguments/parseWhole.js";
import { readArgumentFile } from "../arguments/readArgumentFile.js";
import { readRunnable, type Runnable } from "../graph/readRunnable.js";
import { openWorker } from "../openWorker.js";
import { openProgress } from "../progress/openProgress.js";
import { printable } from "../report/printable.js";
import { reportProblems } from "../report/reportErrors.js";

export interface RunFlags extends FolderFlags {
  readonly set: readonly string[];
  readonly seed?: string;
  readonly threads?: string;
  readonly memory?: string;
  readonly precision?: string;
  readonly json?: boolean;
  readonly metadata: boolean;
}

/** `patchbay run`: reads, checks and runs a graph; returns the exit code. */
export async function runCommand(path: string, flags: RunFlags): Promise<number> {
  const threads = flags.threads === undefined ? undefined : Number(parseWhole(flags.threads, "--threads", 1n, 256n));
  const memoryLimit = flags.memory === undefined ? null : parseSize(flags.memory, "--memory");
  const precision = parsePrecision(flags.precision ?? "exact", "--precision");
  const json = flags.json ?? false;
  const [bytes, worker] = await Promise.all([readArgumentFile(path), openWorker(flags)]);
  const runnable = await readRunnable(bytes, worker, flags);
  for (const warning of runnable.warnings) process.stderr.write(`warning: ${printable(warning)}\n`);
  if (runnable.problems.length > 0) {
    if (!json) process.stderr.write(`"${path}" can't be run:\n`);
    reportProblems(runnable.problems, { json, status: "invalid" });
    return 2;
  }
  const isa = process.env["PATCHBAY_ISA"];
  if (threads !== undefined || isa) worker.configure({ ...(threads !== undefined && { threads }), ...(isa && { isa }) });
  return report(await runHere(worker, runnable, { metadata: flags.metadata, memoryLimit, precision }), json);
}

interface HowToRun {
  readonly metadata: boolean;
  readonly memoryLimit: number | null;
  readonly precision: Precision;
}

async function runHere(worker: Worker, { prompt, workflow }: Runnable, how: HowToRun): Promise<RunOutcome> {
  const titleOf = (node: string): string => {
    // Whatever a foreign file has there.
    const title: unknown = prompt[node]?._meta?.title;
    return printable(typeof title === "string" && title !== "" ? title : (prompt[node]?.class_type ?? node));
  };
  const progress = openProgress(process.stderr, titleOf);
  const controller = new AbortController();
  const onInterrupt = (): void => {
    // The second time nothing is waited for.
    if (controller.signal.aborted) process.exit(130);
    progress.end();
    process.stderr.write("Stopping …\n");
    controller.abort();
  };
  process.on("SIGINT", onInterrupt);
  try {
    return await worker.run(
      { type: "run", run: randomUUID(), prompt, workflow, targets: null, ...how },
      {
        signal: controller.signal,
        onEvent: (event) => {
          progress.event(event);
          if (event.type !== "started" || !event.arithmetic.asked) return;
          const { precision, isa, asked } = event.arithmetic;
          progress.warning(`the precision is ${precision}, as ${isa} has nothing for ${asked}`);
        },
        onWarning: (node, message) => progress.warning(printable(`${titleOf(node)}: ${message}`)),
      },
    );
  } finally {
    process.off("SIGINT", onInterrupt);
    progress.end();
  }
}

async function report(outcome: RunOutcome, json: boolean): Promise<number> {
  switch (outcome.status) {
    case "done": {
      const files = Object.entries(outcome.files).flatMap(([node, list]) => list.map((file) => ({ node, ...file })));
      const { seconds, arithmetic } = outcome;
      if (json) process.stdout.write(`${JSON.stringify({ status: "done", seconds, ...arithmetic, files })}\n`);
      else for (const file of files) process.stdout.write(`${shownPath(file)}\n`);
      return 0;
    }
    case "cancelled":
      if (json) process.stdout.write(`${JSON.stringify({ status: "cancelled" })}\n`);
      return 130;
    case "failed": {
      const { code, message, node, nodeType } = outcome.error;
      reportProblems([{ code, path: node === null ? "" : `nodes.${node}`, nodeType, message }], { json, status: "failed" });
      if (code === "NODE_FAILED" && !json && outcome.cause instanceof Error) process.stderr.write(`${outcome.cause.stack ?? ""}\n`);
      const { errorEntry } = await import("@patchbay/runner/worker/errors");
      return errorEntry(code)?.exitCode === 130 ? 130 : 1;
    }
  }
}

/** Below this folder as it is seen from it, elsewhere in full. */
function shownPath({ path }: SavedFile): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
}
