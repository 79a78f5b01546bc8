import {
  fillDefaults,
  parsePythonJson,
  readGraph,
  readPngText,
  setInputs,
  setSeeds,
  toPrompt,
  type GraphFile,
  type JsonValue,
  type Prompt,
} from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import type { RunProblem, Worker } from "@patchbay/runner/worker";
import { parseWhole } from "../arguments/parseWhole.js";

/** A graph as it is run, and all that keeps it from that. */
export interface Runnable {
  readonly prompt: Prompt;
  /** What saved files carry besides the prompt; null where there is none that says the same. */
  readonly workflow: JsonValue | null;
  readonly problems: readonly RunProblem[];
  readonly warnings: readonly string[];
}

/** What the command line changes in a graph. */
export interface Overrides {
  readonly set: readonly string[];
  readonly seed?: string;
}

/**
 * Reads a graph in any format, changes what the command line says, and checks it against the worker's nodes and files. A prompt is taken as it
 * is; in the other formats, as in ComfyUI's front end, inputs that a graph leaves out get their defaults.
 * @throws GRAPH_* for a file that is no graph, or a change that fits nothing in it; CLI_ARGUMENT for a seed that is none
 */
export async function readRunnable(bytes: Uint8Array, worker: Worker, { set, seed }: Overrides): Promise<Runnable> {
  const known = comfyNodes();
  const catalog = { ...known, ...worker.interfaces() };
  const file = readGraph(bytes, { catalog });
  const given = file.prompt ?? fillDefaults(toPrompt(file.document, catalog), catalog);
  const seeded = seed === undefined ? given : setSeeds(given, parseWhole(seed, "--seed", 0n, 2n ** 64n - 1n));
  const changed = set.length === 0 ? seeded : setInputs(seeded, set, catalog);
  const { problems, prompt } = await worker.check(changed, known);
  return {
    prompt,
    problems,
    // A workflow that says other things than the prompt would mislead who opens the picture.
    workflow: changed === given ? workflowOf(file, bytes) : null,
    warnings: file.warnings.map(({ path, message }) => (path ? `${path}: ${message}` : message)),
  };
}

/** The UI workflow that the file is or carries, as it stands there. */
function workflowOf({ kind }: GraphFile, bytes: Uint8Array): JsonValue | null {
  if (kind === "workflow") return parsePythonJson(bytes);
  const text = kind === "png" ? readPngText(bytes).get("workflow") : undefined;
  return text === undefined ? null : parsePythonJson(text);
}
