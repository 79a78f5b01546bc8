import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { extname } from "node:path";
import { isLink, planRun, unwrapLiteral, validatePrompt, type Catalog, type PlannedNode, type Prompt } from "@patchbay/graph";
import { configureEngine, nodeFiles, nodesByType, type FileSource, type Node } from "@patchbay/nodes";
import type { RunRequest, WorkerEvent } from "@patchbay/protocol";
import { executeRun } from "./executeRun.js";
import { modelFolders, type FoldersByKind } from "./modelFolders.js";
import { ResultCache } from "./resultCache.js";
import type { RunOutcome } from "./runOutcome.js";

/** Where a worker finds and leaves files. */
export interface WorkerFolders {
  readonly inputDir: string;
  readonly outputDir: string;
  readonly tempDir: string;
  readonly models: FoldersByKind;
}

/** Something that keeps a prompt from being run. */
export interface RunProblem {
  readonly code: string;
  /** "nodes.ID", "nodes.ID.inputs.NAME", or "" for the whole. */
  readonly path: string;
  readonly nodeType: string | null;
  readonly message: string;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: WorkerEvent) => void;
  readonly onWarning?: (node: string, message: string) => void;
}

/** Runs prompts, one after another, and keeps the results of the last one. */
export class Worker {
  readonly #folders: WorkerFolders;
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #cache = new ResultCache();
  readonly #interfaces: Catalog;
  readonly #context;

  constructor(folders: WorkerFolders, nodes: ReadonlyMap<string, Node> = nodesByType) {
    this.#folders = folders;
    this.#nodes = nodes;
    this.#interfaces = Object.fromEntries([...nodes.values()].map((node) => [node.type, node.info()]));
    const { inputDir, outputDir, tempDir, models } = folders;
    this.#context = { inputDir, outputDir, tempDir, models: modelFolders(models) };
  }

  /** Threads and instruction set of the engine. @throws ENGINE_ARGUMENT, ENGINE_ISA, ENGINE_NOT_BUILT */
  configure(settings: { readonly threads?: number; readonly isa?: string }): void {
    configureEngine(settings);
  }

  /** The nodes as `/object_info` states them, combos that list files left open. */
  interfaces(): Catalog {
    return this.#interfaces;
  }

  /** The nodes as `/object_info` states them, with the files that their combos list now. */
  async catalog(): Promise<Catalog> {
    const lists = new Map<string, readonly string[]>();
    for (const node of this.#nodes.values()) {
      for (const { files } of Object.values(node.inputs)) if (files) lists.set(keyOf(files), await this.#listFiles(files));
    }
    return Object.fromEntries([...this.#nodes.values()].map((node) => [node.type, node.info((source) => lists.get(keyOf(source)) ?? [])]));
  }

  async #listFiles(source: FileSource): Promise<readonly string[]> {
    if (source.kind === "models") return this.#context.models.list(source.folder);
    const entries = await readdir(this.#folders.inputDir, { withFileTypes: true }).catch(() => []);
    return entries
      .filter((entry) => !entry.isDirectory() && source.extensions.includes(extname(entry.name).toLowerCase()))
      .map(({ name }) => name)
      .sort();
  }

  /**
   * Checks a prompt: what is wrong with the graph, and the files it names that aren't there. `known` are nodes that exist elsewhere, for better
   * messages. The prompt to run is the one returned: its values are of their inputs' types.
   */
  async check(given: Prompt, known: Catalog = {}): Promise<{ readonly problems: readonly RunProblem[]; readonly prompt: Prompt }> {
    const { problems, prompt } = validatePrompt(given, this.#interfaces, { known });
    const all: RunProblem[] = problems.map(({ code, path, nodeType, message }) => ({ code, path, nodeType, message }));
    const wrong = new Set(all.map(({ path }) => path));
    for (const [id, { class_type: nodeType }] of Object.entries(prompt)) {
      for (const { input, error } of (await this.#files(prompt, id)).problems) {
        const path = `nodes.${id}.inputs.${input}`;
        if (!wrong.has(path)) all.push({ code: error.code, path, nodeType, message: error.message });
      }
    }
    return { problems: all, prompt };
  }

  /** Runs a valid prompt. Never throws but for a request that was not validated. */
  async run(request: RunRequest, { signal = new AbortController().signal, onEvent, onWarning }: RunOptions = {}): Promise<RunOutcome> {
    return executeRun({
      request,
      plan: await this.#plan(request),
      nodes: this.#nodes,
      cache: this.#cache,
      context: this.#context,
      signal,
      onEvent: onEvent ?? (() => undefined),
      onWarning: onWarning ?? (() => undefined),
    });
  }

  async #plan({ prompt, targets }: RunRequest): Promise<PlannedNode[]> {
    const fingerprints = new Map<string, string>();
    for (const id of Object.keys(prompt)) fingerprints.set(id, (await this.#files(prompt, id)).fingerprint);
    const nodeOf = (id: string): Node | undefined => this.#nodes.get(prompt[id]?.class_type ?? "");
    return planRun(prompt, {
      hash: (text) => createHash("sha256").update(text).digest("hex"),
      targets,
      isOutputNode: (id) => nodeOf(id)?.isOutputNode ?? false,
      hasInput: (id, name) => Object.hasOwn(nodeOf(id)?.inputs ?? {}, name),
      fingerprint: (id) => fingerprints.get(id) ?? "",
    });
  }

  async #files(prompt: Prompt, id: string): ReturnType<typeof nodeFiles> {
    const { class_type: type, inputs } = prompt[id]!;
    const node = this.#nodes.get(type);
    if (!node) return { fingerprint: "", problems: [] };
    const literals = Object.entries(inputs).filter(([, value]) => !isLink(value));
    return nodeFiles(node, Object.fromEntries(literals.map(([name, value]) => [name, unwrapLiteral(value)])), this.#context);
  }
}

function keyOf(source: FileSource): string {
  return source.kind === "models" ? `models ${source.folder}` : `input ${source.extensions.join(" ")}`;
}
