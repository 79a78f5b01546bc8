import type { DocumentNode, GraphDocument } from "../document/graphDocument.js";
import { nodeKind } from "../document/ports.js";
import { isJsonObject, setOwn } from "../json/jsonValue.js";
import type { JsonObject, JsonValue } from "../json/jsonValue.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { isVirtualType, virtualValueInput } from "../schema/virtualNodes.js";
import { FieldReader, idText, withoutKeys } from "./readFields.js";
import { inferWidgetNames, readWidgetValues, seedControl } from "./widgetValues.js";

const read = new FieldReader("GRAPH_WORKFLOW_INVALID");

const nodeKeys = new Set([
  "id",
  "type",
  "pos",
  "size",
  "mode",
  "inputs",
  "outputs",
  "widgets_values",
  "title",
  "color",
  "bgcolor",
  "flags",
  "properties",
]);

/** LiteGraph's numbers for the modes that differ from "always". */
const modes: Readonly<Record<number, DocumentNode["mode"]>> = { 2: "mute", 4: "bypass" };

/** Reads one node of a UI workflow; links are left to the caller. `path` is where it stands, for messages. */
export function readWorkflowNode(
  node: JsonObject,
  path: string,
  document: Pick<GraphDocument, "subgraphs">,
  catalog: Catalog,
): DocumentNode {
  const type = read.name(node["type"], `${path}.type`);
  if (type === "") read.fail(`${path}.type`, type, "the name of a node");
  const mode = typeof node["mode"] === "number" ? modes[node["mode"]] : undefined;
  const restKeys = mode === undefined && node["mode"] !== 0 ? new Set([...nodeKeys].filter((key) => key !== "mode")) : nodeKeys;
  const rest = withoutKeys(node, restKeys);
  const size = read.numbers(node["size"], 2);
  const inputs = read.optionalArray(node["inputs"], `${path}.inputs`).map((slot, i) => slotWithout(slot, "link", `${path}.inputs.${i}`));
  const outputs = read
    .optionalArray(node["outputs"], `${path}.outputs`)
    .map((slot, i) => slotWithout(slot, "links", `${path}.outputs.${i}`));
  const result: DocumentNode = {
    type,
    position: (read.numbers(node["pos"], 2) ?? [0, 0]) as DocumentNode["position"],
    inputs: {},
    ...(typeof node["title"] === "string" ? { title: node["title"] } : {}),
    ...(size ? { size: size as [number, number] } : {}),
    ...(mode ? { mode } : {}),
    ...(typeof node["color"] === "string" ? { color: node["color"] } : {}),
    ...(typeof node["bgcolor"] === "string" ? { background: node["bgcolor"] } : {}),
    ...(isJsonObject(node["flags"]) ? { flags: node["flags"] } : {}),
    ...(isJsonObject(node["properties"]) ? { properties: node["properties"] } : {}),
    comfy: { ...(node["inputs"] ? { inputs } : {}), ...(node["outputs"] ? { outputs } : {}), ...(rest ? { rest } : {}) },
  };
  readWidgets(result, node["widgets_values"], inputs, document, catalog);
  if (Object.keys(result.comfy ?? {}).length === 0) delete result.comfy;
  return result;
}

function slotWithout(slot: JsonValue, key: string, path: string): JsonObject {
  return withoutKeys(read.object(slot, path), new Set([key])) ?? {};
}

/** Gives a node's widget values their names, as far as its type is known; keeps the rest as it is. */
function readWidgets(
  node: DocumentNode,
  values: JsonValue | undefined,
  slots: readonly JsonObject[],
  document: Pick<GraphDocument, "subgraphs">,
  catalog: Catalog,
): void {
  const { schema, subgraph } = nodeKind(node.type, document, catalog);
  if (values === undefined || values === null) {
    if (subgraph) readInstanceValues(node, [], slots, false);
    return;
  }
  const comfy = (node.comfy ??= {});
  if (isJsonObject(values)) {
    node.inputs = { ...values };
    comfy.byName = true;
  } else if (!Array.isArray(values)) {
    comfy.widgets_values = values;
  } else if (subgraph) {
    readInstanceValues(node, values, slots);
  } else if (isVirtualType(node.type)) {
    readVirtualValues(node, values);
  } else if (schema) {
    const found = readWidgetValues(schema, values);
    node.inputs = found.inputs;
    if (Object.keys(found.controls).length > 0) node.controls = found.controls;
    if (found.trailing.length > 0 || values.length === 0) comfy.trailing = found.trailing;
    if (found.noUploadMarker) comfy.noUploadMarker = true;
  } else {
    comfy.widgets_values = values;
    inferWidgetNames(slots, values)?.forEach((name, i) => {
      if (name !== null) setOwn(node.inputs, name, values[i] as JsonValue);
    });
  }
}

function readVirtualValues(node: DocumentNode, values: readonly JsonValue[]): void {
  const name = isVirtualType(node.type) ? virtualValueInput(node.type) : undefined;
  let taken = 0;
  if (name !== undefined && values.length > 0) {
    node.inputs[name] = values[taken++] as JsonValue;
    const control = node.type === "PrimitiveNode" && typeof values[taken] === "string" ? seedControl(values[taken]) : undefined;
    if (control) {
      node.controls = { [name]: control };
      taken++;
    }
  }
  if (taken < values.length || taken === 0) node.comfy = { ...node.comfy, trailing: values.slice(taken) };
}

/** What the values of a subgraph's instance belong to: [inner node id, input], or ["-1", own input]. */
export interface InstanceTarget {
  readonly target: readonly [node: string, input: string];
  /** The entry of `proxyWidgets` as it stands. */
  readonly entry: JsonValue;
}

/** The instance's targets in the order of its values: `properties.proxyWidgets`, else its own input slots that have a widget. */
export function instanceTargets(node: DocumentNode, slots: readonly JsonObject[]): InstanceTarget[] {
  const listed = node.properties?.["proxyWidgets"];
  const entries = Array.isArray(listed)
    ? listed
    : slots
        .filter((slot) => isJsonObject(slot["widget"]) && typeof slot["name"] === "string")
        .map((slot) => ["-1", slot["name"] as string]);
  return entries.flatMap((entry) => {
    const [inner, input] = Array.isArray(entry) ? [idText(entry[0]), entry[1]] : [];
    return inner !== undefined && typeof input === "string" && input.length <= 1024 ? [{ target: [inner, input] as const, entry }] : [];
  });
}

/** Values of a subgraph's instance; see `instanceTargets`. `given` is false when the file has no list of values. */
function readInstanceValues(node: DocumentNode, values: readonly JsonValue[], slots: readonly JsonObject[], given = true): void {
  const targets = instanceTargets(node, slots).map(({ target }) => target);
  const promoted: NonNullable<DocumentNode["promoted"]> = [];
  targets.forEach(([inner, input], i) => {
    const value = values[i];
    if (inner === "-1") {
      if (value !== undefined) setOwn(node.inputs, input, value);
    } else {
      promoted.push({ node: inner, input, ...(value === undefined ? {} : { value }) });
    }
  });
  if (promoted.length > 0) node.promoted = promoted;
  if (given && (values.length > targets.length || values.length === 0))
    node.comfy = { ...node.comfy, trailing: values.slice(targets.length) };
}
