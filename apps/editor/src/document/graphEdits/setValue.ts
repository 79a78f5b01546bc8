import { getOwn, nodeKind } from "@patchbay/graph";
import type { Catalog, DocumentNode, GraphDocument, JsonValue, NodeSchema } from "@patchbay/graph";
import { cardInput, cardOf } from "../cardLayout.js";
import { inputsOfNode } from "../cardPorts/catalogPorts.js";
import { edgesByNode } from "../edgesByNode.js";
import { EditorError } from "../editorError.js";
import { fieldValue } from "../fieldValue.js";
import { applyOperations } from "../operation.js";
import type { Operation } from "../operation.js";
import { freshControl, freshValue } from "./addNodeOf.js";

/**
 * Sets the value of a field, by its key on the card, as far as its input can hold it: see `fieldValue`. Undefined takes the node's own value
 * away. A new choice of a dynamic combo brings its inputs with their defaults and takes those of the old choice away, wires included. Empty
 * when nothing changes. Throws EditorError: EDITOR_ID_UNKNOWN for the node, EDITOR_VALUE_INVALID.
 */
export function setValue(
  document: GraphDocument,
  catalog: Catalog,
  node: string,
  input: string,
  value: JsonValue | undefined,
): Operation[] {
  const field = cardInput(cardOf(document, catalog, node), input);
  const before = document.nodes[node] as DocumentNode;
  if (!field) throw new EditorError("EDITOR_VALUE_INVALID", `Node ${JSON.stringify(node)} has no field ${JSON.stringify(input)} to set`);
  const next = value === undefined ? undefined : fieldValue(field.schema, value);
  const operations: Operation[] = field.promoted
    ? [{ kind: "setPromoted", node, promoted: withPromoted(before, field.promoted, next) }]
    : [{ kind: "setInput", node, name: input, value: next }];
  const { schema } = nodeKind(before.type, document, catalog);
  if (field.kind === "dynamicCombo" && schema) operations.push(...newChoice(document, schema, node, input, next));
  return applyOperations(document, operations).inverse.length > 0 ? operations : [];
}

function withPromoted(
  { promoted = [] }: DocumentNode,
  inner: { readonly node: string; readonly input: string },
  value: JsonValue | undefined,
): NonNullable<DocumentNode["promoted"]> {
  return promoted.map((entry) =>
    entry.node === inner.node && entry.input === inner.input
      ? { node: entry.node, input: entry.input, ...(value === undefined ? {} : { value }) }
      : entry,
  );
}

function newChoice(document: GraphDocument, schema: NodeSchema, id: string, combo: string, choice: JsonValue | undefined): Operation[] {
  const node = document.nodes[id] as DocumentNode;
  const linked = edgesByNode(document).byTarget.get(id);
  const isLinked = (name: string): boolean => linked?.has(name) ?? false;
  const chosen = { inputs: { ...node.inputs } };
  if (choice === undefined) delete chosen.inputs[combo];
  else chosen.inputs[combo] = choice;
  const children = (of: Pick<DocumentNode, "inputs">): ReadonlyMap<string, NodeSchema["inputs"][number]> =>
    new Map(
      inputsOfNode(schema, of, isLinked)
        .filter(({ name }) => name.startsWith(`${combo}.`))
        .map((input) => [input.name, input]),
    );
  const before = children(node);
  const after = children(chosen);
  const operations: Operation[] = [];
  for (const name of before.keys()) {
    if (after.has(name)) continue;
    const edge = linked?.get(name);
    if (edge !== undefined) operations.push({ kind: "removeEdge", id: edge });
    if (getOwn(node.inputs, name) !== undefined) operations.push({ kind: "setInput", node: id, name });
    if (getOwn(node.controls ?? {}, name) !== undefined) operations.push({ kind: "setControl", node: id, name });
  }
  for (const [name, input] of after) {
    if (before.has(name) || getOwn(node.inputs, name) !== undefined) continue;
    const value = freshValue(input);
    if (value !== undefined) operations.push({ kind: "setInput", node: id, name, value });
    if (input.controlAfterGenerate) operations.push({ kind: "setControl", node: id, name, control: freshControl(input) });
  }
  return operations;
}
