import { getOwn } from "../json/jsonValue.js";
import type { Catalog } from "../schema/nodeInfo.js";
import { nodeSchema } from "../schema/nodeSchema.js";
import type { NodeSchema } from "../schema/nodeSchema.js";
import type { DocumentNode, GraphDocument, SubgraphDefinition } from "./graphDocument.js";

/**
 * The keys under which a document names ports: the name where it is unique and not empty, else "name#slot".
 * So [IMAGE, MASK, MASK] gives [IMAGE, MASK#1, MASK#2].
 */
export function portKeys(names: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return names.map((name, slot) => (name === "" || (counts.get(name) ?? 0) > 1 ? `${name}#${slot}` : name));
}

/** The slot that a key names; undefined if it names none. */
export type SlotFinder = (key: string) => number | undefined;

/** Finds slots by the keys of `names`, then by a key's "#slot" ending. */
export function slotFinder(names: readonly string[]): SlotFinder {
  const slots = new Map<string, number>();
  for (const [slot, key] of portKeys(names).entries()) if (!slots.has(key)) slots.set(key, slot);
  return (key) => slots.get(key) ?? numberedSlot(key);
}

/** The slot that a key names among `names`; for many keys see `slotFinder`. */
export function slotOfKey(key: string, names: readonly string[]): number | undefined {
  return slotFinder(names)(key);
}

function numberedSlot(key: string): number | undefined {
  const hash = key.lastIndexOf("#");
  if (hash < 0 || !/^-?\d+(\.\d+)?$/.test(key.slice(hash + 1))) return undefined;
  return Number(key.slice(hash + 1));
}

/** What is known of a node's interface: its schema, the subgraph it is an instance of, or neither. */
export interface NodeKind {
  readonly schema?: NodeSchema;
  readonly subgraph?: SubgraphDefinition;
}

/** Looks a node's type up in the document's subgraphs and in the catalog. */
export function nodeKind(type: string, document: Pick<GraphDocument, "subgraphs">, catalog: Catalog): NodeKind {
  const subgraph = getOwn(document.subgraphs, type);
  if (subgraph) return { subgraph };
  const info = getOwn(catalog, type);
  return info ? { schema: nodeSchema(info) } : {};
}

/** The names of a node's outputs, as far as they are known. */
export function outputNames(node: DocumentNode, kind: NodeKind): readonly string[] {
  if (kind.subgraph) return kind.subgraph.outputs.map((port) => port.name);
  if (kind.schema) return kind.schema.outputs.map((port) => port.name);
  return storedNames(node.comfy?.outputs);
}

/** Finds the slots of a node's outputs: by the names its schema gives, then by "#slot", then by the names stored with the node. */
export function outputSlotFinder(node: DocumentNode, kind: NodeKind): SlotFinder {
  const known = slotFinder(outputNames(node, kind));
  const stored = slotFinder(storedNames(node.comfy?.outputs));
  return (key) => known(key) ?? stored(key);
}

/** The slot of one of a node's outputs; for many see `outputSlotFinder`. */
export function outputSlot(node: DocumentNode, kind: NodeKind, key: string): number | undefined {
  return outputSlotFinder(node, kind)(key);
}

export function storedNames(ports: readonly Record<string, unknown>[] | undefined): string[] {
  return (ports ?? []).map((port) => (typeof port["name"] === "string" ? port["name"] : ""));
}
