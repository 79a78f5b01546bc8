import { isLink, setOwn, unwrapLiteral, type PlannedNode, type Prompt } from "@patchbay/graph";
import type { Node, NodeContext, SavedFile } from "@patchbay/nodes";
import type { Arithmetic, RunRequest, WorkerEvent } from "@patchbay/protocol";
import type { BlobStore } from "./blobStore.js";
import { isMemoryError } from "./isMemoryError.js";
import type { ResultCache } from "./resultCache.js";
import { codeOf, type RunOutcome } from "./runOutcome.js";
import { runOverLists } from "./runOverLists.js";
import { RunResults } from "./runResults.js";
import { version } from "./version.js";

export interface ExecuteOptions {
  readonly request: RunRequest;
  /** Output nodes and what they need, in the order to run. */
  readonly plan: readonly PlannedNode[];
  /** What the engine computes with until the run ends. */
  readonly arithmetic: Arithmetic;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly cache: ResultCache;
  /** Where files go beside their names; nowhere when undefined. */
  readonly blobs?: BlobStore | undefined;
  readonly context: Omit<NodeContext, "signal" | "progress" | "preview" | "saved" | "warn" | "metadata" | "memoryLimit">;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkerEvent) => void;
  readonly onWarning: (node: string, message: string) => void;
}

/** Milliseconds that nodes may run before the event loop gets a turn: a cancel must come through a long chain of quick nodes. */
const TURN = 8;

/**
 * Walks a plan: runs each node on the results of those before it, or takes its result from the cache; a node whose result is not known any
 * more is passed over where all that needs it is known. Tells all that happens as events, the last of which says how it ended, as the returned
 * outcome does. Never throws: the first error ends the run.
 */
export async function executeRun(options: ExecuteOptions): Promise<RunOutcome> {
  const { request, plan, arithmetic, onEvent } = options;
  const { run, prompt } = request;
  const started = performance.now();
  onEvent({ type: "started", run, nodes: plan.map(({ id }) => ({ node: id, nodeType: prompt[id]!.class_type })), arithmetic });
  const outcome = await new RunWalk(options).walk(started);
  if (outcome.status === "done") onEvent({ type: "result", run, seconds: outcome.seconds, files: mutable(outcome.files) });
  else if (outcome.status === "failed") onEvent({ type: "error", run, error: outcome.error });
  else onEvent({ type: "cancelled", run });
  return outcome;
}

class RunWalk {
  readonly #options: ExecuteOptions;
  readonly #metadata: NodeContext["metadata"];
  readonly #files: Record<string, readonly SavedFile[]> = {};
  /** Nodes whose files are on their way into the blob store. */
  readonly #storing = new Set<Promise<void>>();
  #failure: { readonly node: string; readonly cause: unknown } | undefined;

  constructor(options: ExecuteOptions) {
    const { metadata, prompt, workflow } = options.request;
    this.#options = options;
    this.#metadata = metadata
      ? { prompt, ...(workflow !== null && { workflow }), patchbay: { ...options.arithmetic, version } }
      : undefined;
  }

  async walk(started: number): Promise<RunOutcome> {
    const { plan, cache, blobs, signal, arithmetic } = this.#options;
    const results = await RunResults.lookUp(plan, cache, blobs);
    let turn = started;
    try {
      for (const { id, cacheKey } of plan) {
        if (this.#failure) break;
        try {
          signal.throwIfAborted();
          await this.#visit(id, cacheKey, results);
        } catch (cause) {
          this.#failure = { node: id, cause };
        }
        const now = performance.now();
        if (now - turn > TURN) {
          await new Promise((resolve) => setImmediate(resolve));
          turn = now;
        }
      }
      await Promise.all(this.#storing);
    } finally {
      results.release();
    }
    if (!this.#failure) return { status: "done", seconds: (performance.now() - started) / 1000, files: this.#files, arithmetic };
    return this.#ended(this.#failure);
  }

  #ended({ node, cause }: { readonly node: string; readonly cause: unknown }): RunOutcome {
    const { signal, request } = this.#options;
    if (signal.aborted) return { status: "cancelled" };
    const message = cause instanceof Error ? cause.message : String(cause);
    const nodeType = request.prompt[node]!.class_type;
    return { status: "failed", error: { code: codeOf(cause) ?? "NODE_FAILED", message, node, nodeType }, cause };
  }

  /** Runs a node, or tells that this isn't needed. */
  async #visit(id: string, key: string, results: RunResults): Promise<void> {
    const { request, onEvent, cache } = this.#options;
    const { run, prompt } = request;
    const nodeType = prompt[id]!.class_type;
    if (!results.mustRun(key)) {
      const files = results.files(key);
      if (files instanceof Promise)
        this.#later(
          id,
          files.then((known) => this.#finished(id, known, 0, true)),
        );
      else this.#finished(id, files, 0, true);
      return;
    }
    onEvent({ type: "nodeStarted", run, node: id, nodeType });
    const began = performance.now();
    const { outputs, files } = await this.#run(id, results);
    const seconds = (performance.now() - began) / 1000;
    if (files.length === 0) {
      const result = { outputs, files: [] };
      cache.set(key, result);
      results.made(id, key, result);
      this.#finished(id, [], seconds, false);
      return;
    }
    const stored = Promise.all(files);
    results.made(id, key, { outputs, files: stored });
    const finish = async (): Promise<void> => {
      const all = await stored;
      cache.set(key, { outputs, files: all });
      this.#finished(id, all, seconds, false);
    };
    this.#later(id, finish());
  }

  /** Lets something end beside the nodes that follow; its failure is the node's. */
  #later(id: string, work: Promise<void>): void {
    const done = work.catch((cause: unknown) => void (this.#failure ??= { node: id, cause })).finally(() => this.#storing.delete(done));
    this.#storing.add(done);
  }

  #finished(id: string, files: readonly SavedFile[], seconds: number, cached: boolean): void {
    const { request, onEvent } = this.#options;
    if (files.length > 0) setOwn(this.#files, id, files);
    const nodeType = request.prompt[id]!.class_type;
    onEvent({ type: "nodeFinished", run: request.run, node: id, nodeType, cached, seconds, files: files.length > 0 ? [...files] : [] });
  }

  /** Runs a node; once more with all memory that can be freed when it had too little. */
  async #run(id: string, results: RunResults): Promise<{ outputs: unknown[][]; files: Promise<SavedFile>[] }> {
    const { request, nodes, cache } = this.#options;
    const node = nodes.get(request.prompt[id]!.class_type)!;
    const inputs = gatherInputs(request.prompt, id, node, results);
    const files: Promise<SavedFile>[] = [];
    const attempt = async (): Promise<unknown[][]> => {
      const { context, end } = this.#contextOf(id, files);
      try {
        return await runOverLists(node, inputs, context);
      } finally {
        end();
      }
    };
    try {
      return { outputs: await attempt(), files };
    } catch (error) {
      if (!isMemoryError(error) || files.length > 0) {
        // Nobody waits for the files of a node that failed.
        await Promise.allSettled(files);
        throw error;
      }
      cache.giveUp();
      return { outputs: await attempt(), files };
    }
  }

  /** The context of one node; after `end` it tells of nothing any more: a late preview must not follow the node's end. */
  #contextOf(id: string, files: Promise<SavedFile>[]): { context: NodeContext; end: () => void } {
    const { request, context, signal, blobs, onEvent, onWarning } = this.#options;
    const { run, memoryLimit } = request;
    let open = true;
    const nodeContext: NodeContext = {
      ...context,
      signal,
      metadata: this.#metadata,
      memoryLimit: memoryLimit ?? undefined,
      progress: (value, max) => void (open && onEvent({ type: "progress", run, node: id, value, max })),
      preview: (picture) => void (open && onEvent({ type: "preview", run, node: id, ...picture })),
      warn: (message) => onWarning(id, message),
      saved: (file, content) => void files.push(blobs ? blobs.put(file, content) : Promise.resolve(file)),
    };
    return { context: nodeContext, end: () => void (open = false) };
  }
}

/** The values of a node's inputs, each as a list: a literal alone, or what the linked output gave. Inputs it doesn't declare are left out. */
function gatherInputs(prompt: Prompt, id: string, node: Node, results: RunResults): Record<string, readonly unknown[]> {
  const inputs: Record<string, readonly unknown[]> = {};
  const given = prompt[id]!.inputs;
  for (const name in given) {
    if (!Object.hasOwn(given, name) || !Object.hasOwn(node.inputs, name)) continue;
    const value = given[name]!;
    inputs[name] = isLink(value) ? (results.outputs(value[0])[value[1]] ?? [undefined]) : [unwrapLiteral(value)];
  }
  return inputs;
}

function mutable(files: Readonly<Record<string, readonly SavedFile[]>>): Record<string, SavedFile[]> {
  return Object.fromEntries(Object.entries(files).map(([id, list]) => [id, [...list]]));
}
