import {
  fillDefaults,
  getOwn,
  jsonEqual,
  parsePythonJson,
  readGraph,
  readPngText,
  setInputs,
  setOwn,
  setSeeds,
  toPrompt,
  toWorkflow,
  unwrapLiteral,
  type Catalog,
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
    workflow: changed === given ? workflowOf(file, bytes, catalog) : changedWorkflow(file, given, changed, catalog),
    warnings: file.warnings.map(({ path, message }) => (path ? `${path}: ${message}` : message)),
  };
}

/** The UI workflow that the file is or carries, as it stands there; that of a document is made. A bare prompt has none. */
function workflowOf({ kind, document }: GraphFile, bytes: Uint8Array, catalog: Catalog): JsonValue | null {
  switch (kind) {
    case "workflow":
      return parsePythonJson(bytes);
    case "png": {
      const text = readPngText(bytes).get("workflow");
      return text === undefined ? null : parsePythonJson(text);
    }
    case "document":
      return toWorkflow(document, catalog);
    case "prompt":
      return null;
  }
}

/**
 * The UI workflow with the inputs that the command line changed. Null where it can't say the same as the prompt (a link was replaced, or a node
 * is inside a subgraph): a workflow that says something else would mislead who opens the picture.
 */
function changedWorkflow({ kind, document }: GraphFile, given: Prompt, changed: Prompt, catalog: Catalog): JsonValue | null {
  if (kind === "prompt") return null;
  const nodes = { ...document.nodes };
  const linked = new Set(Object.values(document.edges).map(({ to }) => `${to.node}\n${to.input}`));
  for (const [id, { inputs }] of Object.entries(changed)) {
    const before = given[id]!.inputs;
    for (const [name, value] of Object.entries(inputs)) {
      if (jsonEqual(value, before[name] ?? null)) continue;
      const node = getOwn(nodes, id);
      if (!node || linked.has(`${id}\n${name}`)) return null;
      setOwn(nodes, id, { ...node, inputs: { ...node.inputs, [name]: unwrapLiteral(value) } });
    }
  }
  return toWorkflow({ ...document, nodes }, catalog);
}
