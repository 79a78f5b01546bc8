import { getOwn, setOwn } from "@patchbay/graph";
import type { DocumentNode, GraphDocument } from "@patchbay/graph";
import { DocumentDraft } from "./documentDraft.js";
import type { Operation, OperationKind, OperationOf, Pair } from "./operationTypes.js";

export type { Operation, Pair } from "./operationTypes.js";

/**
 * Applies one operation. Nothing is mutated; whatever the operation does not touch keeps its object identity, and an operation that changes
 * nothing gives the document back as it is. `inverse`, applied to the result, gives a document equal to the one before (a thing that was
 * removed comes back last in its collection, unless its id is a whole number: those are always in order).
 * Throws EditorError: EDITOR_ID_UNKNOWN, EDITOR_ID_TAKEN.
 */
export function applyOperation(document: GraphDocument, operation: Operation): { document: GraphDocument; inverse: Operation } {
  const draft = new DocumentDraft(document);
  const inverse = step(draft, operation);
  return { document: draft.document, inverse };
}

/**
 * Applies operations in order, copying each collection at most once: time is linear in the operations, plus one shallow copy of each
 * collection they touch. `inverse` undoes them all; it is empty when nothing changed. Either all are applied or, when one does not fit and
 * throws (see `applyOperation`), none.
 */
export function applyOperations(
  document: GraphDocument,
  operations: readonly Operation[],
): { document: GraphDocument; inverse: Operation[] } {
  const draft = new DocumentDraft(document);
  const inverse: Operation[] = [];
  for (const operation of operations) {
    const before = draft.writes;
    const undo = step(draft, operation);
    if (draft.writes !== before) inverse.push(undo);
  }
  return { document: draft.document, inverse: inverse.reverse() };
}

type Steps = { readonly [K in OperationKind]: (draft: DocumentDraft, operation: OperationOf<K>) => Operation };

function step(draft: DocumentDraft, operation: Operation): Operation {
  const apply = steps[operation.kind] as (draft: DocumentDraft, operation: Operation) => Operation;
  return apply(draft, operation);
}

/** Each applies its operation to the draft and returns the inverse. */
const steps: Steps = {
  addNode(draft, { id, node }) {
    draft.add("nodes", id, node);
    return { kind: "removeNode", id };
  },
  removeNode(draft, { id }) {
    return { kind: "addNode", id, node: draft.remove("nodes", id) };
  },
  moveNodes(draft, { positions }) {
    const before: Record<string, Pair> = {};
    for (const [id, position] of Object.entries(positions)) {
      const node = draft.get("nodes", id);
      if (samePair(node.position, position)) continue;
      setOwn(before, id, node.position);
      draft.set("nodes", id, { ...node, position });
    }
    return { kind: "moveNodes", positions: before };
  },
  resizeNode(draft, { node: id, size }) {
    const { size: before } = draft.get("nodes", id);
    if (!(size && before ? samePair(size, before) : size === before)) setNode(draft, id, "size", size);
    return { kind: "resizeNode", node: id, size: before };
  },
  setInput(draft, { node: id, name, value }) {
    const node = draft.get("nodes", id);
    const before = getOwn(node.inputs, name);
    if (!sameValue(before, value)) draft.set("nodes", id, { ...node, inputs: withEntry(node.inputs, name, value) });
    return { kind: "setInput", node: id, name, value: before };
  },
  setControl(draft, { node: id, name, control }) {
    const { controls } = draft.get("nodes", id);
    const before = controls && getOwn(controls, name);
    if (control !== before) setNode(draft, id, "controls", withEntry(controls ?? {}, name, control));
    return controls ? { kind: "setControl", node: id, name, control: before } : { kind: "setControls", node: id };
  },
  setControls(draft, { node: id, controls }) {
    const { controls: before } = draft.get("nodes", id);
    if (!sameValue(before, controls)) setNode(draft, id, "controls", controls as DocumentNode["controls"]);
    return { kind: "setControls", node: id, controls: before };
  },
  setTitle(draft, { node: id, title }) {
    const { title: before } = draft.get("nodes", id);
    if (title !== before) setNode(draft, id, "title", title);
    return { kind: "setTitle", node: id, title: before };
  },
  setMode(draft, { node: id, mode }) {
    const { mode: before } = draft.get("nodes", id);
    if (mode !== before) setNode(draft, id, "mode", mode);
    return { kind: "setMode", node: id, mode: before };
  },
  setFlag(draft, { node: id, flag, value }) {
    const { flags } = draft.get("nodes", id);
    const before = flags && getOwn(flags, flag);
    if (!sameValue(before, value)) setNode(draft, id, "flags", withEntry(flags ?? {}, flag, value));
    return flags ? { kind: "setFlag", node: id, flag, value: before } : { kind: "setFlags", node: id };
  },
  setFlags(draft, { node: id, flags }) {
    const { flags: before } = draft.get("nodes", id);
    if (!sameValue(before, flags)) setNode(draft, id, "flags", flags as DocumentNode["flags"]);
    return { kind: "setFlags", node: id, flags: before };
  },
  setColor(draft, { node: id, color, background }) {
    const before = draft.get("nodes", id);
    if (color !== before.color) setNode(draft, id, "color", color);
    if (background !== before.background) setNode(draft, id, "background", background);
    return { kind: "setColor", node: id, color: before.color, background: before.background };
  },
  setPromoted(draft, { node: id, promoted }) {
    const { promoted: before } = draft.get("nodes", id);
    if (!sameValue(before, promoted)) setNode(draft, id, "promoted", promoted);
    return { kind: "setPromoted", node: id, promoted: before };
  },
  addEdge(draft, { id, edge }) {
    draft.add("edges", id, edge);
    return { kind: "removeEdge", id };
  },
  removeEdge(draft, { id }) {
    return { kind: "addEdge", id, edge: draft.remove("edges", id) };
  },
  setEdge(draft, { id, edge }) {
    const before = draft.get("edges", id);
    if (!sameValue(before, edge)) draft.set("edges", id, edge);
    return { kind: "setEdge", id, edge: before };
  },
  addFrame(draft, { id, frame }) {
    draft.add("frames", id, frame);
    return { kind: "removeFrame", id };
  },
  removeFrame(draft, { id }) {
    return { kind: "addFrame", id, frame: draft.remove("frames", id) };
  },
  setFrame(draft, { id, patch }) {
    const before = draft.get("frames", id);
    const { after, inverse } = patched(before, patch);
    if (!sameValue(before, after)) draft.set("frames", id, after);
    return { kind: "setFrame", id, patch: inverse };
  },
  addReroute(draft, { id, reroute }) {
    draft.add("reroutes", id, reroute);
    return { kind: "removeReroute", id };
  },
  removeReroute(draft, { id }) {
    return { kind: "addReroute", id, reroute: draft.remove("reroutes", id) };
  },
  setReroute(draft, { id, patch }) {
    const before = draft.get("reroutes", id);
    const { after, inverse } = patched(before, patch);
    if (!sameValue(before, after)) draft.set("reroutes", id, after);
    return { kind: "setReroute", id, patch: inverse };
  },
  addSubgraph(draft, { id, subgraph }) {
    draft.add("subgraphs", id, subgraph);
    return { kind: "removeSubgraph", id };
  },
  removeSubgraph(draft, { id }) {
    return { kind: "addSubgraph", id, subgraph: draft.remove("subgraphs", id) };
  },
  setSubgraph(draft, { id, subgraph }) {
    const before = draft.get("subgraphs", id);
    draft.set("subgraphs", id, subgraph);
    return { kind: "setSubgraph", id, subgraph: before };
  },
  setGraphTitle(draft, { title }) {
    const { title: before } = draft.document;
    if (title !== before) draft.setTitle(title);
    return { kind: "setGraphTitle", title: before };
  },
  replaceDocument(draft, { document }) {
    const before = draft.document;
    if (document !== before) draft.replace(document);
    return { kind: "replaceDocument", document: before };
  },
};

function setNode<K extends keyof DocumentNode>(draft: DocumentDraft, id: string, key: K, value: DocumentNode[K] | undefined): void {
  const node = draft.get("nodes", id);
  if (value === undefined) {
    const without = { ...node };
    delete without[key];
    draft.set("nodes", id, without);
  } else {
    draft.set("nodes", id, { ...node, [key]: value });
  }
}

/** A copy of a record with one entry set or, for undefined, without it. */
function withEntry<T>(record: Readonly<Record<string, T>>, key: string, value: T | undefined): Record<string, T> {
  const copy = { ...record };
  if (value === undefined) delete copy[key];
  else setOwn(copy, key, value);
  return copy;
}

/** Applies a patch whose null entries take away; the inverse is a patch as well. */
function patched<T extends object, P extends object>(before: T, patch: P): { after: T; inverse: P } {
  let after = before as unknown as Record<string, unknown>;
  const inverse: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === undefined) continue;
    inverse[key] = getOwn(after, key) ?? null;
    after = withEntry(after, key, value === null ? undefined : (value as unknown));
  }
  return { after: after as unknown as T, inverse: inverse as unknown as P };
}

function samePair(a: Pair, b: Pair): boolean {
  return Object.is(a[0], b[0]) && Object.is(a[1], b[1]);
}

/** Equality of JSON values to the bit, so that undo is exact: 0 is not -0, and 1 is not 1n. */
function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => Object.hasOwn(right, key) && sameValue(left[key], right[key]));
}
