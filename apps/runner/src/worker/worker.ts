import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { extname } from "node:path";
import { isLink, planRun, unwrapLiteral, validatePrompt, type Catalog, type PlannedNode, type Prompt } from "@patchbay/graph";
import {
  configureEngine,
  engineArithmetic,
  namesFiles,
  nodeFiles,
  nodesByType,
  type FileSource,
  type Node,
  type NodeFiles,
} from "@patchbay/nodes";
import type { Arithmetic, RunRequest, WorkerEvent } from "@patchbay/protocol";
import { BlobStore } from "./blobStore.js";
import { executeRun } from "./executeRun.js";
import { listFolders } from "./listModelFiles.js";
import { modelFolders, type FoldersByKind } from "./modelFolders.js";
import { ResultCache } from "./resultCache.js";
import { codeOf, type RunOutcome } from "./runOutcome.js";

/** Where a worker finds and leaves files. */
export interface WorkerFolders {
  readonly inputDir: string;
  readonly outputDir: string;
  readonly tempDir: string;
  readonly models: FoldersByKind;
  /** Where files that runs write lie under their hashes too; nowhere unless given. */
  readonly blobDir?: string;
}

/** Names of files by what lists them. */
export type FileLists = ReadonlyMap<string, readonly string[]>;

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

export interface WorkerOptions {
  readonly nodes?: ReadonlyMap<string, Node>;
  /** Bytes of results and models that are kept between runs; half of what the machine has left unless given. */
  readonly memory?: number | undefined;
}

/** Runs prompts, one after another, and keeps results, so that a run after a change runs only what the change reaches. */
export class Worker {
  readonly #folders: WorkerFolders;
  readonly #nodes: ReadonlyMap<string, Node>;
  readonly #cache: ResultCache;
  readonly #blobs: BlobStore | undefined;
  /** Types of nodes that name files. */
  readonly #namingFiles: ReadonlySet<string>;
  readonly #interfaces: Catalog;
  readonly #context;

  constructor(folders: WorkerFolders, { nodes = nodesByType, memory }: WorkerOptions = {}) {
    this.#cache = new ResultCache(memory);
    this.#blobs = folders.blobDir === undefined ? undefined : new BlobStore(folders.blobDir);
    this.#namingFiles = new Set([...nodes.values()].filter(namesFiles).map(({ type }) => type));
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

  /** The files that combos list now, by what they list. */
  async fileLists(): Promise<FileLists> {
    const lists = new Map<string, readonly string[]>();
    for (const files of this.#fileSources()) {
      const key = keyOf(files);
      if (!lists.has(key)) lists.set(key, await this.#listFiles(files));
    }
    return lists;
  }

  /** The folders, with all below them where those count, whose files combos list. */
  async listedFolders(): Promise<string[]> {
    const roots = new Set<string>();
    for (const files of this.#fileSources()) {
      if (files.kind === "models") for (const folder of this.#folders.models.get(files.folder) ?? []) roots.add(folder);
    }
    const below = await Promise.all([...roots].map(listFolders));
    return [...new Set([this.#folders.inputDir, ...below.flat()])];
  }

  *#fileSources(): Iterable<FileSource> {
    for (const node of this.#nodes.values()) for (const { files } of Object.values(node.inputs)) if (files) yield files;
  }

  /** The nodes as `/object_info` states them, with the files that their combos list: those there are now, unless given. */
  async catalog(given?: FileLists): Promise<Catalog> {
    const lists = given ?? (await this.fileLists());
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
    for (const [id, files] of await this.#lookUpFiles(prompt)) {
      for (const { input, error } of files.problems) {
        const path = `nodes.${id}.inputs.${input}`;
        if (!wrong.has(path)) all.push({ code: error.code, path, nodeType: prompt[id]!.class_type, message: error.message });
      }
    }
    return { problems: all, prompt };
  }

  /** Runs a prompt that `check` has found nothing wrong with. Never throws: how it ended is what it returns and what the last event says. */
  async run(request: RunRequest, { signal = new AbortController().signal, onEvent, onWarning }: RunOptions = {}): Promise<RunOutcome> {
    const tell = onEvent ?? (() => undefined);
    let plan: PlannedNode[];
    let arithmetic: Arithmetic;
    try {
      arithmetic = setArithmetic(request);
      plan = await this.#plan(request, arithmetic);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      const error = { code: codeOf(cause) ?? "NODE_FAILED", message, node: null, nodeType: null };
      tell({ type: "error", run: request.run, error });
      return { status: "failed", error, cause };
    }
    return executeRun({
      request,
      plan,
      arithmetic,
      nodes: this.#nodes,
      cache: this.#cache,
      blobs: this.#blobs,
      context: this.#context,
      signal,
      onEvent: tell,
      onWarning: onWarning ?? (() => undefined),
    });
  }

  /** What is kept: results, parts of models (plans, weights) that are alive, and the bytes of all. */
  get kept(): { readonly results: number; readonly parts: number; readonly bytes: number } {
    return { results: this.#cache.size, parts: this.#cache.parts, bytes: this.#cache.bytes };
  }

  async #plan({ prompt, targets }: RunRequest, { precision }: Arithmetic): Promise<PlannedNode[]> {
    const fingerprints = new Map<string, string>();
    for (const [id, files] of await this.#lookUpFiles(prompt)) fingerprints.set(id, files.fingerprint);
    const nodeOf = (id: string): Node | undefined => this.#nodes.get(prompt[id]?.class_type ?? "");
    return planRun(prompt, {
      hash: (text) => createHash("sha256").update(text).digest("hex"),
      targets,
      isOutputNode: (id) => nodeOf(id)?.isOutputNode ?? false,
      hasInput: (id, name) => Object.hasOwn(nodeOf(id)?.inputs ?? {}, name),
      // Of every node, whether it computes with the engine or not: a result of one precision never serves a run of another.
      fingerprint: (id) => `${precision} ${fingerprints.get(id) ?? ""}`,
    });
  }

  /** What is found out about the files of the nodes that name any. */
  async #lookUpFiles(prompt: Prompt): Promise<[id: string, files: NodeFiles][]> {
    const ids = Object.keys(prompt).filter((id) => this.#namingFiles.has(prompt[id]!.class_type));
    return Promise.all(
      ids.map(async (id): Promise<[string, NodeFiles]> => {
        const { class_type: type, inputs } = prompt[id]!;
        const literals = Object.entries(inputs).filter(([, value]) => !isLink(value));
        const values = Object.fromEntries(literals.map(([name, value]) => [name, unwrapLiteral(value)]));
        return [id, await nodeFiles(this.#nodes.get(type)!, values, this.#context)];
      }),
    );
  }
}

/** Lets the engine compute as the run asks; says what that is on this machine. @throws ENGINE_NOT_BUILT */
function setArithmetic({ precision: asked }: RunRequest): Arithmetic {
  configureEngine({ precision: asked });
  const { precision, isa } = engineArithmetic();
  return { precision, isa, ...(precision !== asked && { asked }) };
}

function keyOf(source: FileSource): string {
  return source.kind === "models" ? `models ${source.folder}` : `input ${source.extensions.join(" ")}`;
}
