import {
  emptyDocument,
  fromWorkflow,
  getOwn,
  GraphError,
  isJsonObject,
  parsePythonJson,
  readGraph,
  setOwn,
  stringifyJson,
  toDocument,
} from "@patchbay/graph";
import type { Catalog, GraphDocument, JsonObject, JsonValue } from "@patchbay/graph";
import { EditorError } from "../editorError.js";
import { clipboardToWorkflow, isComfyClipboard, unwrapClipboard } from "./comfyClipboard.js";

/** Part of a graph, as it is copied. */
export interface ClipboardParts extends Pick<GraphDocument, "nodes" | "edges" | "frames" | "reroutes" | "subgraphs"> {
  /** The types of nodes that were not copied and that edges come from, so that they are not taken for others of their id. */
  readonly sources: Readonly<Record<string, string>>;
}

const format = "patchbay-clipboard";
const version = 1;

/** Parts as text: JSON with `format` and `version`. */
export function writeClipboard({ nodes, edges, frames, reroutes, subgraphs, sources }: ClipboardParts): string {
  return stringifyJson({ format, version, nodes, edges, frames, reroutes, subgraphs, sources } as unknown as JsonValue);
}

/**
 * Reads copied text: our own, ComfyUI's (also in the HTML it is wrapped in), or a whole graph in any format.
 * Throws EditorError: EDITOR_CLIPBOARD_INVALID, with the GraphError that says why as its cause.
 */
export function readClipboard(text: string, catalog: Catalog): ClipboardParts {
  try {
    const json = unwrapClipboard(text);
    const value = parsePythonJson(json);
    if (isJsonObject(value) && value["format"] === format) return readOwn(value);
    const document = isComfyClipboard(value) ? fromWorkflow(clipboardToWorkflow(value), catalog) : readGraph(json, { catalog }).document;
    return { ...document, sources: {} };
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new EditorError("EDITOR_CLIPBOARD_INVALID", `${JSON.stringify(text.trim().slice(0, 40))}… holds no nodes: ${error.message}`, {
      cause: error,
    });
  }
}

function readOwn(value: JsonObject): ClipboardParts {
  if (value["version"] !== version) {
    throw new EditorError(
      "EDITOR_CLIPBOARD_INVALID",
      `The copied nodes have version ${stringifyJson(value["version"] ?? null).slice(0, 40)}; this Patchbay reads version ${version}. Copy them with the same Patchbay`,
    );
  }
  const { nodes = {}, edges = {}, frames = {}, reroutes = {}, subgraphs = {} } = value;
  const document = toDocument({ ...(emptyDocument() as unknown as JsonObject), nodes, edges, frames, reroutes, subgraphs });
  const sources: Record<string, string> = {};
  for (const [id, type] of Object.entries(isJsonObject(value["sources"]) ? value["sources"] : {}))
    if (typeof type === "string") setOwn(sources, id, type);
  return { ...document, sources };
}

/** What a selection is made of, as it is copied: with edges that lead into it, points they run through, and subgraphs it is made with. */
export function selectedParts(
  document: GraphDocument,
  nodes: Iterable<string>,
  frames: Iterable<string> = [],
  reroutes: Iterable<string> = [],
): ClipboardParts {
  const parts = { nodes: {}, edges: {}, frames: {}, reroutes: {}, subgraphs: {}, sources: {} } satisfies ClipboardParts;
  const take = <T>(from: Readonly<Record<string, T>>, into: Record<string, T>, id: string): T | undefined => {
    const item = getOwn(from, id);
    if (item !== undefined) setOwn(into, id, item);
    return item;
  };
  for (const id of nodes) take(document.nodes, parts.nodes, id);
  for (const id of frames) take(document.frames, parts.frames, id);
  for (const id of reroutes) take(document.reroutes, parts.reroutes, id);
  for (const [id, edge] of Object.entries(document.edges)) {
    if (!Object.hasOwn(parts.nodes, edge.to.node)) continue;
    const source = getOwn(document.nodes, edge.from.node);
    if (!source) continue;
    setOwn(parts.edges as GraphDocument["edges"], id, edge);
    if (!Object.hasOwn(parts.nodes, edge.from.node)) {
      setOwn(parts.sources as Record<string, string>, edge.from.node, source.type);
      continue;
    }
    for (let at = edge.reroute; at !== undefined && !Object.hasOwn(parts.reroutes, at);)
      at = take(document.reroutes, parts.reroutes, at)?.parent;
  }
  takeSubgraphs(document, parts);
  return parts;
}

/** The definitions that the nodes are instances of, and those nested in them. */
function takeSubgraphs(document: GraphDocument, parts: ClipboardParts): void {
  const open = Object.values(parts.nodes);
  for (let node = open.pop(); node; node = open.pop()) {
    const definition = getOwn(document.subgraphs, node.type);
    if (!definition || Object.hasOwn(parts.subgraphs, node.type)) continue;
    setOwn(parts.subgraphs, node.type, definition);
    open.push(...Object.values(definition.nodes));
  }
}
