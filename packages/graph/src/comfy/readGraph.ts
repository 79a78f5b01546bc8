import { toDocument } from "../document/parseDocument.js";
import type { GraphDocument } from "../document/graphDocument.js";
import { GraphError } from "../graphError.js";
import { isJsonObject, quote } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import { parsePythonJson } from "../json/parseJson.js";
import { defaultLimits } from "../limits.js";
import type { GraphLimits } from "../limits.js";
import { isPng } from "../png/chunks.js";
import { readPngText } from "../png/pngText.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { fromPrompt, readPrompt } from "./fromPrompt.js";
import { fromWorkflow } from "./fromWorkflow.js";
import type { GraphWarning } from "./fromWorkflow.js";
import type { Prompt } from "./prompt.js";

export type GraphKind = "document" | "prompt" | "workflow" | "png";

export interface ReadGraphOptions {
  /** Names the values and outputs that files give by position only; see `comfyNodes`. Default: none, so all nodes are placeholders. */
  readonly catalog?: Catalog;
  readonly limits?: GraphLimits;
}

export interface GraphFile {
  readonly kind: GraphKind;
  readonly document: GraphDocument;
  /** For a file that is, or a PNG that carries, an API prompt: that prompt, exactly what was run. */
  readonly prompt?: Prompt;
  /** What was mended or left out while reading. */
  readonly warnings: readonly GraphWarning[];
}

/**
 * Reads a graph in any format: a native document, an API prompt (bare, or as the body of a `/prompt` request), a UI workflow, or a PNG that
 * carries a workflow (preferred) or a prompt. Throws only GraphError.
 */
export function readGraph(file: string | Uint8Array, options: ReadGraphOptions = {}): GraphFile {
  const limits = options.limits ?? defaultLimits;
  const catalog = options.catalog ?? {};
  const warnings: GraphWarning[] = [];
  if (typeof file !== "string" && isPng(file)) return readPng(file, catalog, limits, warnings);
  const value = parsePythonJson(file, limits);
  const kind = graphKind(value);
  if (kind === "document") return { kind, document: toDocument(value, limits), warnings };
  if (kind === "workflow") return { kind, document: fromWorkflow(value, catalog, { limits, warn: (w) => warnings.push(w) }), warnings };
  const body = promptBody(value);
  return { kind, document: fromPrompt(body, catalog, limits), prompt: readPrompt(body, limits), warnings };
}

/** Which format parsed JSON is in. Throws GRAPH_FORMAT_UNKNOWN when it is none. */
export function graphKind(value: JsonValue): Exclude<GraphKind, "png"> {
  if (isJsonObject(value)) {
    if (value["format"] === "patchbay") return "document";
    if (Array.isArray(value["nodes"])) return "workflow";
    if (looksLikePrompt(promptBody(value))) return "prompt";
  }
  throw new GraphError(
    "GRAPH_FORMAT_UNKNOWN",
    "",
    `${quote(value, 60)} is no graph: a Patchbay document has "format": "patchbay", a ComfyUI workflow has a list "nodes", an API prompt is an object of nodes that have a "class_type"`,
  );
}

function looksLikePrompt(value: JsonValue): boolean {
  if (!isJsonObject(value)) return false;
  const nodes = Object.values(value);
  return nodes.some((node) => isJsonObject(node) && "class_type" in node);
}

/** The prompt inside the body of a `/prompt` request, or the value itself. */
function promptBody(value: JsonValue): JsonValue {
  const inner = isJsonObject(value) ? value["prompt"] : undefined;
  return isJsonObject(inner) && !("class_type" in inner) ? inner : value;
}

function readPng(png: Uint8Array, catalog: Catalog, limits: GraphLimits, warnings: GraphWarning[]): GraphFile {
  const texts = readPngText(png, limits);
  const parsed = (keyword: string): JsonObject | undefined => {
    const text = texts.get(keyword);
    const value = text === undefined ? undefined : parsePythonJson(text, limits);
    return isJsonObject(value) ? value : undefined;
  };
  const workflow = parsed("workflow");
  const embedded = parsed("prompt");
  const prompt = embedded && looksLikePrompt(embedded) ? readPrompt(embedded, limits) : undefined;
  if (workflow && Array.isArray(workflow["nodes"])) {
    const document = fromWorkflow(workflow, catalog, { limits, warn: (w) => warnings.push(w) });
    return { kind: "png", document, ...(prompt ? { prompt } : {}), warnings };
  }
  if (!prompt || !embedded) {
    const found =
      texts.size > 0
        ? `; it has ${[...texts.keys()]
            .slice(0, 8)
            .map((key) => quote(key))
            .join(", ")}`
        : "";
    throw new GraphError("GRAPH_PNG_NO_GRAPH", "", `The PNG carries no graph: it has no text "workflow" or "prompt"${found}`);
  }
  return { kind: "png", document: fromPrompt(embedded, catalog, limits), prompt, warnings };
}
