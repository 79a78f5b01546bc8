import { getOwn, jsonEqual, setOwn, typesMatch } from "@patchbay/graph";
import type { Catalog, DocumentEdge, DocumentNode, GraphDocument, JsonValue, SubgraphDefinition } from "@patchbay/graph";
import { cardOf } from "../cardLayout.js";
import type { Operation } from "../operation.js";
import type { ClipboardParts } from "./clipboardParts.js";
import { idAbove, nextEdgeId, nextId } from "./nextId.js";

export interface PasteOptions {
  /** Also link what was copied to the nodes outside that fed it, where these are still there. */
  readonly connectInputs?: boolean;
}

export interface Pasted {
  readonly operations: Operation[];
  /** The ids of the pasted nodes. */
  readonly nodes: string[];
  readonly frames: string[];
}

/**
 * Adds parts of a graph under new ids, moved so that the top left corner of all is at `position`; edges among them come along. A definition of a
 * subgraph that the document has is shared; one that differs from the document's of the same id is added under another id.
 */
export function pasteParts(
  document: GraphDocument,
  catalog: Catalog,
  parts: ClipboardParts,
  position: readonly [number, number],
  { connectInputs = false }: PasteOptions = {},
): Pasted {
  const subgraphIds = newSubgraphIds(document, parts);
  const nodeIds = newIds(Object.keys(parts.nodes), Number(nextId(document)));
  const frameIds = newIds(Object.keys(parts.frames), idAbove(document.frames));
  const rerouteIds = newIds(Object.keys(parts.reroutes), idAbove(document.reroutes));
  const [dx, dy] = offset(parts, position);
  const operations: Operation[] = [];
  for (const [old, id] of subgraphIds.added) {
    operations.push({ kind: "addSubgraph", id, subgraph: renamed(parts.subgraphs[old] as SubgraphDefinition, subgraphIds.renamed) });
  }
  for (const [old, id] of nodeIds) {
    const node = parts.nodes[old] as DocumentNode;
    operations.push({
      kind: "addNode",
      id,
      node: placed(withType(node, subgraphIds.renamed), [node.position[0] + dx, node.position[1] + dy]),
    });
  }
  for (const [old, id] of frameIds) {
    const frame = parts.frames[old] as GraphDocument["frames"][string];
    const [left, top, width, height] = frame.bounds;
    operations.push({ kind: "addFrame", id, frame: { ...frame, bounds: [left + dx, top + dy, width, height] } });
  }
  for (const [old, id] of rerouteIds) {
    const { position: at, parent, ...reroute } = parts.reroutes[old] as GraphDocument["reroutes"][string];
    const newParent = parent === undefined ? undefined : rerouteIds.get(parent);
    operations.push({
      kind: "addReroute",
      id,
      reroute: { ...reroute, position: [at[0] + dx, at[1] + dy], ...(newParent === undefined ? {} : { parent: newParent }) },
    });
  }
  let edgeId = Number(nextEdgeId(document));
  for (const edge of Object.values(parts.edges)) {
    const target = nodeIds.get(edge.to.node);
    const source = nodeIds.get(edge.from.node) ?? (connectInputs && feeds(document, catalog, parts, edge) ? edge.from.node : undefined);
    if (target === undefined || source === undefined) continue;
    const { reroute, ...rest } = edge;
    const through = reroute === undefined ? undefined : rerouteIds.get(reroute);
    operations.push({
      kind: "addEdge",
      id: String(edgeId++),
      edge: {
        ...rest,
        from: { node: source, output: edge.from.output },
        to: { node: target, input: edge.to.input },
        ...(through === undefined ? {} : { reroute: through }),
      },
    });
  }
  return { operations, nodes: [...nodeIds.values()], frames: [...frameIds.values()] };
}

function newIds(old: readonly string[], first: number): Map<string, string> {
  return new Map(old.map((id, i) => [id, String(first + i)]));
}

function offset(parts: ClipboardParts, [x, y]: readonly [number, number]): [number, number] {
  let [left, top] = [Infinity, Infinity];
  const corners = [...Object.values(parts.nodes).map((node) => node.position), ...Object.values(parts.frames).map(({ bounds }) => bounds)];
  for (const corner of corners) {
    left = Math.min(left, corner[0]);
    top = Math.min(top, corner[1]);
  }
  return corners.length === 0 ? [0, 0] : [Math.round(x - left), Math.round(y - top)];
}

/** The node at another place; its place in the drawing order was that of its file. */
function placed(node: DocumentNode, position: [number, number]): DocumentNode {
  if (node.comfy?.index === undefined) return { ...node, position };
  const { index: _, ...comfy } = node.comfy;
  return { ...node, position, comfy };
}

/** Whether the node that the edge came from when it was copied is in the document, of the same type and with an output that fits. */
function feeds(document: GraphDocument, catalog: Catalog, parts: ClipboardParts, { from, type }: DocumentEdge): boolean {
  const source = getOwn(document.nodes, from.node);
  if (!source || source.type !== getOwn(parts.sources, from.node)) return false;
  const output = cardOf(document, catalog, from.node).outputs.find(({ key }) => key === from.output);
  return output !== undefined && (typeof type !== "string" || typesMatch(output.type, type));
}

interface SubgraphIds {
  /** Old id → new id of the definitions that are added. */
  readonly added: ReadonlyMap<string, string>;
  /** Those of them whose id changes. */
  readonly renamed: ReadonlyMap<string, string>;
}

function newSubgraphIds(document: GraphDocument, { subgraphs }: ClipboardParts): SubgraphIds {
  const own = Object.entries(subgraphs);
  const differs = new Set<string>();
  for (const [id, definition] of own) {
    const there = getOwn(document.subgraphs, id);
    if (there && !jsonEqual(there as unknown as JsonValue, definition as unknown as JsonValue)) differs.add(id);
  }
  // A definition that holds one which gets another id is another definition as well.
  for (let before = -1; before !== differs.size;) {
    before = differs.size;
    for (const [id, { nodes }] of own) if (Object.values(nodes).some(({ type }) => differs.has(type))) differs.add(id);
  }
  const renamed = new Map<string, string>();
  const added = new Map<string, string>();
  const taken = new Set([...Object.keys(document.subgraphs), ...Object.keys(subgraphs)]);
  for (const [id] of own) {
    if (differs.has(id)) {
      let copy = 2;
      while (taken.has(`${id}-${copy}`)) copy++;
      taken.add(`${id}-${copy}`);
      renamed.set(id, `${id}-${copy}`);
    }
    if (differs.has(id) || !Object.hasOwn(document.subgraphs, id)) added.set(id, renamed.get(id) ?? id);
  }
  return { added, renamed };
}

function withType(node: DocumentNode, renames: ReadonlyMap<string, string>): DocumentNode {
  const type = renames.get(node.type);
  return type === undefined ? node : { ...node, type };
}

function renamed(definition: SubgraphDefinition, renames: ReadonlyMap<string, string>): SubgraphDefinition {
  if (!Object.values(definition.nodes).some(({ type }) => renames.has(type))) return definition;
  const nodes: SubgraphDefinition["nodes"] = {};
  for (const [id, node] of Object.entries(definition.nodes)) setOwn(nodes, id, withType(node, renames));
  return { ...definition, nodes };
}
