import { isLink, setOwn, unwrapLiteral, type PlannedNode, type Prompt } from "@patchbay/graph";
import type { Node, NodeContext, SavedFile } from "@patchbay/nodes";
import type { RunRequest, WorkerEvent } from "@patchbay/protocol";
import type { NodeResult, ResultCache } from "./resultCache.js";
import { codeOf, type RunOutcome } from "./runOutcome.js";
import { runOverLists } from "./runOverLists.js";

export interface ExecuteOptions {
  readonly request: RunRequest;
  /** Output nodes and what they need, in the order to run. */
  readonly plan: readonly PlannedNode[];
  readonly nodes: ReadonlyMap<string, Node>;
  readonly cache: ResultCache;
  readonly context: Omit<NodeContext, "signal" | "progress" | "saved" | "warn" | "metadata" | "memoryLimit">;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkerEvent) => void;
  readonly onWarning: (node: string, message: string) => void;
}

/**
 * Walks a plan: runs each node on the results of those before it, or takes its result from the cache. Tells all that happens as events, the
 * last of which says how it ended, as the returned outcome does. Never throws: the first error ends the run.
 */
export async function executeRun(options: ExecuteOptions): Promise<RunOutcome> {
  const { request, plan, cache, onEvent } = options;
  const { run, prompt } = request;
  const started = performance.now();
  onEvent({ type: "started", run, nodes: plan.map(({ id }) => ({ node: id, nodeType: prompt[id]!.class_type })) });
  const outcome = await walk(options, started);
  cache.endRun(outcome.status === "done");
  if (outcome.status === "done") onEvent({ type: "result", run, seconds: outcome.seconds, files: mutable(outcome.files) });
  else if (outcome.status === "failed") onEvent({ type: "error", run, error: outcome.error });
  else onEvent({ type: "cancelled", run });
  return outcome;
}

async function walk(options: ExecuteOptions, started: number): Promise<RunOutcome> {
  const { request, plan, nodes, cache, signal, onEvent } = options;
  const { run, prompt } = request;
  const results = new Map<string, NodeResult>();
  const files: Record<string, readonly SavedFile[]> = {};
  for (const { id, cacheKey } of plan) {
    const nodeType = prompt[id]!.class_type;
    const nodeStarted = performance.now();
    try {
      signal.throwIfAborted();
      onEvent({ type: "nodeStarted", run, node: id, nodeType });
      const known = cache.get(cacheKey);
      const result = known ?? (await runNode(id, nodes.get(nodeType)!, results, options));
      if (!known) cache.set(cacheKey, result);
      results.set(id, result);
      if (result.files.length > 0) setOwn(files, id, result.files);
      const seconds = (performance.now() - nodeStarted) / 1000;
      onEvent({ type: "nodeFinished", run, node: id, nodeType, cached: known !== undefined, seconds, files: [...result.files] });
    } catch (cause) {
      if (signal.aborted) return { status: "cancelled" };
      const message = cause instanceof Error ? cause.message : String(cause);
      return { status: "failed", error: { code: codeOf(cause) ?? "NODE_FAILED", message, node: id, nodeType }, cause };
    }
  }
  return { status: "done", seconds: (performance.now() - started) / 1000, files };
}

async function runNode(id: string, node: Node, results: ReadonlyMap<string, NodeResult>, options: ExecuteOptions): Promise<NodeResult> {
  const { request, context, signal, onEvent, onWarning } = options;
  const { run, prompt } = request;
  const files: SavedFile[] = [];
  const nodeContext: NodeContext = {
    ...context,
    signal,
    metadata: request.metadata ? { prompt, ...(request.workflow !== null && { workflow: request.workflow }) } : undefined,
    memoryLimit: request.memoryLimit ?? undefined,
    progress: (value, max) => onEvent({ type: "progress", run, node: id, value, max }),
    warn: (message) => onWarning(id, message),
    saved: (file) => void files.push(file),
  };
  return { outputs: await runOverLists(node, gatherInputs(prompt, id, node, results), nodeContext), files };
}

/** The values of a node's inputs, each as a list: a literal alone, or what the linked output gave. Inputs it doesn't declare are left out. */
function gatherInputs(
  prompt: Prompt,
  id: string,
  node: Node,
  results: ReadonlyMap<string, NodeResult>,
): Record<string, readonly unknown[]> {
  const inputs: Record<string, readonly unknown[]> = {};
  for (const [name, value] of Object.entries(prompt[id]!.inputs)) {
    if (!Object.hasOwn(node.inputs, name)) continue;
    inputs[name] = isLink(value) ? (results.get(value[0])?.outputs[value[1]] ?? [undefined]) : [unwrapLiteral(value)];
  }
  return inputs;
}

function mutable(files: Readonly<Record<string, readonly SavedFile[]>>): Record<string, SavedFile[]> {
  return Object.fromEntries(Object.entries(files).map(([id, list]) => [id, [...list]]));
}
