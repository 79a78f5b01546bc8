import {
  fillDefaults,
  getOwn,
  nodeKind,
  outputNames,
  outputSlot,
  portKeys,
  readGraph,
  setOwn,
  stringifyDocument,
  stringifyJson,
  toPrompt,
  toWorkflow,
} from "@patchbay/graph";
import type { Catalog, GraphDocument, GraphKind, GraphWarning, JsonObject, JsonValue, Prompt } from "@patchbay/graph";

export interface OpenedGraph {
  readonly document: GraphDocument;
  /** What was mended or left out while reading, for people to know. */
  readonly warnings: readonly GraphWarning[];
  readonly kind: GraphKind;
}

/**
 * Reads a graph file of any kind (see `readGraph`). A graph without a title gets the file's name. Edges name outputs as the cards do.
 * Throws GraphError.
 */
export function openGraphFile(file: string | Uint8Array, catalog: Catalog, { fileName }: { readonly fileName: string }): OpenedGraph {
  const { document, warnings, kind } = readGraph(file, { catalog });
  const title = document.title ?? titleOfFile(fileName);
  return { document: { ...withKnownOutputs(document, catalog), ...(title === "" ? {} : { title }) }, warnings, kind };
}

/** A file's name without its folders and its ending: "shared/My graph.api.json" is "My graph". */
export function titleOfFile(fileName: string): string {
  const name = fileName.slice(Math.max(fileName.lastIndexOf("/"), fileName.lastIndexOf("\\")) + 1);
  return name.replace(/(\.(patchbay|api))?\.(json|png)$/i, "").trim();
}

/**
 * The document with edges that name an output by its slot ("#1", as files do whose node types were not known) naming it as the catalog does
 * now. Edges of outputs nobody knows stay.
 */
export function withKnownOutputs(document: GraphDocument, catalog: Catalog): GraphDocument {
  const edges: GraphDocument["edges"] = {};
  let changed = false;
  for (const [id, edge] of Object.entries(document.edges)) {
    const node = getOwn(document.nodes, edge.from.node);
    const kind = node && nodeKind(node.type, document, catalog);
    const keys = node && kind ? portKeys(outputNames(node, kind)) : [];
    const slot = node && kind && !keys.includes(edge.from.output) ? outputSlot(node, kind, edge.from.output) : undefined;
    const key = slot === undefined ? undefined : keys[slot];
    if (key !== undefined) changed = true;
    setOwn(edges, id, key === undefined ? edge : { ...edge, from: { node: edge.from.node, output: key } });
  }
  return changed ? { ...document, edges } : document;
}

export type ExportFormat = "document" | "workflow" | "prompt";

const endings: Readonly<Record<ExportFormat, string>> = { document: ".patchbay.json", workflow: ".json", prompt: ".api.json" };

/** The graph as a file: our document, a ComfyUI workflow, or an API prompt; named after its title. Throws GraphError as `toWorkflow` and `toPrompt` do. */
export function exportGraph(
  document: GraphDocument,
  catalog: Catalog,
  format: ExportFormat,
): { readonly fileName: string; readonly text: string } {
  const fileName = `${safeName(document.title ?? "")}${endings[format]}`;
  if (format === "document") return { fileName, text: stringifyDocument(document) };
  const value = format === "workflow" ? toWorkflow(document, catalog) : runnableOf(document, catalog).prompt;
  return { fileName, text: `${stringifyJson(value as unknown as JsonValue, { indent: 2 })}\n` };
}

/** A name that every file system takes: no separators or reserved characters, no dot at its ends, 80 characters at most. */
function safeName(title: string): string {
  const name = title
    .replaceAll(/[\p{Cc}<>:"/\\|?*]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .slice(0, 80)
    .replaceAll(/^[\s.]+|[\s.]+$/g, "");
  return name === "" || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(name) ? "graph" : name;
}

/** What is run: the prompt with defaults filled in, and the workflow that saved pictures carry. Throws GraphError as `toPrompt` and `toWorkflow` do. */
export function runnableOf(document: GraphDocument, catalog: Catalog): { readonly prompt: Prompt; readonly workflow: JsonObject } {
  return { prompt: fillDefaults(toPrompt(document, catalog), catalog), workflow: toWorkflow(document, catalog) };
}
