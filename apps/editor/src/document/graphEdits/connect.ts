import { getOwn } from "@patchbay/graph";
import type { Catalog, GraphDocument } from "@patchbay/graph";
import { cardInput, cardOf } from "../cardLayout.js";
import { edgesByNode } from "../edgesByNode.js";
import { EditorError } from "../editorError.js";
import type { Operation } from "../operation.js";
import { connectionProblem } from "./canConnect.js";
import type { InputRef, OutputRef } from "./canConnect.js";
import { nextEdgeId } from "./nextId.js";
import { disconnect } from "./unusedReroutes.js";

export { disconnect } from "./unusedReroutes.js";

/**
 * Links an output to an input, in place of what fed the input. A PrimitiveNode that had no value takes over the input's. Nothing to do when
 * they are linked already. Throws EditorError: EDITOR_CONNECTION_INVALID, with the reason.
 */
export function connect(document: GraphDocument, catalog: Catalog, from: OutputRef, to: InputRef): Operation[] {
  const problem = connectionProblem(document, catalog, from, to);
  if (problem !== undefined) {
    throw new EditorError(
      "EDITOR_CONNECTION_INVALID",
      `${JSON.stringify(from.output)} of node ${JSON.stringify(from.node)} cannot feed ${JSON.stringify(to.input)} of node ${JSON.stringify(to.node)}: ${problem}`,
    );
  }
  const before = edgesByNode(document).byTarget.get(to.node)?.get(to.input);
  const old = before === undefined ? undefined : getOwn(document.edges, before);
  if (old && old.from.node === from.node && old.from.output === from.output) return [];
  return [
    ...(before === undefined ? [] : disconnect(before, document)),
    { kind: "addEdge", id: nextEdgeId(document), edge: { from: { ...from }, to: { ...to } } },
    ...primitiveValue(document, catalog, from, to),
  ];
}

function primitiveValue(document: GraphDocument, catalog: Catalog, from: OutputRef, to: InputRef): Operation[] {
  const primitive = getOwn(document.nodes, from.node);
  if (primitive?.type !== "PrimitiveNode" || primitive.inputs["value"] !== undefined) return [];
  const target = cardInput(cardOf(document, catalog, to.node), to.input);
  const control = getOwn(getOwn(document.nodes, to.node)?.controls ?? {}, to.input);
  return [
    ...(target?.value === undefined ? [] : [{ kind: "setInput", node: from.node, name: "value", value: target.value } as const]),
    ...(control === undefined ? [] : [{ kind: "setControl", node: from.node, name: "value", control } as const]),
  ];
}
