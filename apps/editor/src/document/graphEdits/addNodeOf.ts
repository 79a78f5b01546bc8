import { isVirtualType, nodeKind, seedControls, setOwn, widgetDefault } from "@patchbay/graph";
import type { Catalog, DocumentNode, GraphDocument, InputSchema, JsonValue, NodeSchema, SeedControl } from "@patchbay/graph";
import { inputsOfNode } from "../cardPorts/catalogPorts.js";
import { EditorError } from "../editorError.js";
import type { Operation } from "../operation.js";
import { nextId } from "./nextId.js";

export interface AddNodeOptions {
  /** Default: `nextId(document)`. */
  readonly id?: string | undefined;
}

/**
 * Adds a node of a type of the catalog, of a subgraph of the document, or of a virtual type, with the values a fresh node has.
 * Throws EditorError: EDITOR_NODE_TYPE_UNKNOWN.
 * @param position the corner below the title, in canvas units
 */
export function addNodeOf(
  document: GraphDocument,
  catalog: Catalog,
  type: string,
  position: readonly [number, number],
  options: AddNodeOptions = {},
): Operation[] {
  const node: DocumentNode = { type, position: [position[0], position[1]], ...freshValues(document, catalog, type) };
  return [{ kind: "addNode", id: options.id ?? nextId(document), node }];
}

function freshValues(document: GraphDocument, catalog: Catalog, type: string): Pick<DocumentNode, "inputs" | "controls"> {
  const { schema, subgraph } = nodeKind(type, document, catalog);
  if (schema) return defaultValues(schema);
  if (subgraph || type === "Reroute" || type === "PrimitiveNode") return { inputs: {} };
  if (isVirtualType(type)) return { inputs: { text: "" } };
  throw new EditorError(
    "EDITOR_NODE_TYPE_UNKNOWN",
    `There is no node of type ${JSON.stringify(type)} to add: neither the catalog nor the graph's subgraphs have it`,
  );
}

/** The values of a node as it is added: defaults, first options; "randomize" for seeds, as ComfyUI's front end does. */
export function defaultValues(schema: NodeSchema): Pick<DocumentNode, "inputs" | "controls"> {
  const inputs: Record<string, JsonValue> = {};
  const controls: Record<string, SeedControl> = {};
  for (const input of inputsOfNode(schema, { inputs }, () => false)) {
    const value = freshValue(input);
    if (value !== undefined) setOwn(inputs, input.name, value);
    if (input.controlAfterGenerate) setOwn(controls, input.name, freshControl(input));
  }
  return { inputs, ...(Object.keys(controls).length > 0 ? { controls } : {}) };
}

/** What the control of a fresh seed does: what the catalog says, else "randomize". */
export function freshControl({ spec }: InputSchema): SeedControl {
  return seedControls.find((control) => control === spec["control_after_generate"]) ?? "randomize";
}

/** The value that an input of a fresh node holds; undefined for one that is only linked, or whose values nobody here knows. */
export function freshValue(input: InputSchema): JsonValue | undefined {
  if (input.kind === "link" || input.kind === "autogrow") return undefined;
  const value = widgetDefault(input);
  if (value !== null) return input.multiselect && !Array.isArray(value) ? [] : value;
  switch (input.kind) {
    case "int":
    case "float":
      return Number(input.min !== undefined && input.min > 0 ? input.min : input.max !== undefined && input.max < 0 ? input.max : 0);
    case "string":
      return "";
    case "boolean":
      return false;
    default:
      return undefined;
  }
}
