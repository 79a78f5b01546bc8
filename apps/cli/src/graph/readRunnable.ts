import { fillDefaults, readGraph, toPrompt, type JsonValue, type Prompt } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import type { RunProblem, Worker } from "@patchbay/runner/worker";

/** A graph as it is run, and all that keeps it from that. */
export interface Runnable {
  readonly prompt: Prompt;
  /** What saved files carry besides the prompt; null where the graph was a bare prompt. */
  readonly workflow: JsonValue | null;
  readonly problems: readonly RunProblem[];
  readonly warnings: readonly string[];
}

export interface Overrides {
  readonly set: readonly string[];
  readonly seed?: string;
}

/** Reads a graph in any format and checks it against the worker's nodes and files. @throws GRAPH_* for a file that is no graph */
export async function readRunnable(bytes: Uint8Array, worker: Worker, _overrides: Overrides): Promise<Runnable> {
  const catalog = { ...comfyNodes(), ...worker.interfaces() };
  const file = readGraph(bytes, { catalog });
  const prompt = file.prompt ?? fillDefaults(toPrompt(file.document, catalog), catalog);
  return {
    prompt,
    workflow: null,
    problems: await worker.missingFiles(prompt),
    warnings: file.warnings.map(({ path, message }) => (path ? `${path}: ${message}` : message)),
  };
}
