import { GraphError } from "../graphError.js";
import { isJsonObject, quote } from "../json/jsonValue.js";
import type { JsonValue } from "../json/jsonValue.js";
import { parseJson } from "../json/parseJson.js";
import { stringifyJson } from "../json/stringifyJson.js";
import { defaultLimits } from "../limits.js";
import type { GraphLimits } from "../limits.js";
import { graphDocumentSchema } from "./graphDocument.js";
import type { GraphDocument } from "./graphDocument.js";
import { migrateDocument } from "./migrate.js";

/** Most structural faults named in one message. */
const maxNamed = 5;

/**
 * Reads a native document from parsed JSON: migrates it and checks its structure and size. Whether its nodes exist and its values fit is
 * `validateDocument`'s business. Throws GraphError: GRAPH_DOCUMENT_INVALID, GRAPH_DOCUMENT_TOO_NEW, GRAPH_TOO_LARGE.
 */
export function toDocument(value: JsonValue, limits: GraphLimits = defaultLimits): GraphDocument {
  if (!isJsonObject(value) || value["format"] !== "patchbay") {
    throw new GraphError("GRAPH_DOCUMENT_INVALID", "format", 'Not a Patchbay document: it must be an object with "format": "patchbay"');
  }
  const document = migrateDocument(value);
  countParts(document, limits);
  const result = graphDocumentSchema.safeParse(document);
  if (!result.success) {
    const { issues } = result.error;
    const named = issues.slice(0, maxNamed).map((issue) => `${issue.path.map(String).join(".") || "document"}: ${issue.message}`);
    const more = issues.length > maxNamed ? `; and ${issues.length - maxNamed} more` : "";
    throw new GraphError(
      "GRAPH_DOCUMENT_INVALID",
      issues[0]?.path.map(String).join(".") ?? "",
      `The document is not valid: ${named.join("; ")}${more}`,
    );
  }
  // The value itself, not zod's copy: nothing is transformed, and keys such as __proto__ stay.
  return document as unknown as GraphDocument;
}

function countParts(document: { readonly [key: string]: JsonValue }, limits: GraphLimits): void {
  const subgraphs = isJsonObject(document["subgraphs"]) ? Object.values(document["subgraphs"]).filter(isJsonObject) : [];
  for (const [key, max] of [
    ["nodes", limits.maxNodes],
    ["edges", limits.maxLinks],
    ["frames", limits.maxNodes],
    ["reroutes", limits.maxLinks],
  ] as const) {
    const count = [document, ...subgraphs].reduce((sum, part) => sum + (isJsonObject(part[key]) ? Object.keys(part[key]).length : 0), 0);
    if (count > max) throw new GraphError("GRAPH_TOO_LARGE", key, `The document has ${quote(count)} ${key}; at most ${max} are read`);
  }
}

/** Reads a native document from JSON text; see `toDocument` and `parseJson` for the errors. */
export function parseDocument(text: string | Uint8Array, limits: GraphLimits = defaultLimits): GraphDocument {
  return toDocument(parseJson(text, limits), limits);
}

/** Writes a document as JSON text, indented by two spaces, ending in a newline. */
export function stringifyDocument(document: GraphDocument): string {
  return `${stringifyJson(document as unknown as JsonValue, { indent: 2 })}\n`;
}
