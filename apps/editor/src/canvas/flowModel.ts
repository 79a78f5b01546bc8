import type { Catalog, DocumentEdge, DocumentFrame, DocumentNode, GraphDocument } from "@patchbay/graph";
import type { Edge, Node, NodeHandle } from "@xyflow/react";
import { cardGeometry, headerHeight, type CardGeometry } from "../card/cardGeometry.js";
import { cardShows } from "../card/cardShows.js";
import { flowId } from "./flowId.js";
import { cardOf, type Card } from "../document/cardLayout.js";
import type { NodePicture, RunState } from "../run/runStore.js";
import type { Drag, ViewState } from "../view/viewStore.js";

/**
 * React Flow's arrays, derived from the three stores with structural sharing: what did not change keeps its object, so React Flow looks at
 * nothing but what changed. Ids as in `flowId`.
 */
export type FlowNode = Node<{ readonly id: string }, "card" | "note" | "junction" | "frame" | "reroute">;
export type FlowEdge = Edge<{ readonly type: string; readonly reroute: string | null }, "wire">;

export interface FlowArrays {
  readonly nodes: FlowNode[];
  readonly edges: FlowEdge[];
}

interface Sources {
  readonly document: GraphDocument;
  readonly catalog: Catalog;
  readonly view: Pick<ViewState, "selection" | "drag">;
  readonly pictures: RunState["pictures"];
}

interface KnownNode {
  readonly node: DocumentNode;
  readonly card: Card;
  readonly picture: NodePicture | undefined;
  readonly size: readonly [number, number] | undefined;
  readonly geometry: CardGeometry;
  readonly position: readonly [number, number];
  readonly selected: boolean;
  readonly flow: FlowNode;
}

/** As the sockets are drawn: what can be pressed of them. */
export const socketWidth = 24;
const socketHeight = 22;
export const junctionSize = 16;
export const reroutePointSize = 12;

export class FlowModel {
  #nodes = new Map<string, KnownNode>();
  #frames = new Map<string, { frame: DocumentFrame; bounds: readonly number[]; selected: boolean; flow: FlowNode }>();
  #reroutes = new Map<string, { position: readonly [number, number]; selected: boolean; flow: FlowNode }>();
  #edges = new Map<string, { edge: DocumentEdge; type: string; selected: boolean; flow: FlowEdge }>();
  #arrays: FlowArrays = { nodes: [], edges: [] };

  #last: Sources | undefined;
  /** Where each node is in the array. */
  #places = new Map<string, number>();

  /** A card's geometry as it is drawn. */
  geometry(id: string): CardGeometry | undefined {
    return this.#nodes.get(id)?.geometry;
  }

  /** The size that a node takes on the canvas, without drawing it. */
  sizeOf = (id: string): readonly [number, number] => {
    const flow = this.#nodes.get(id)?.flow;
    return flow ? [flow.width ?? 0, flow.height ?? 0] : [0, 0];
  };

  arrays(sources: Sources): FlowArrays {
    const last = this.#last;
    this.#last = sources;
    if (last && onlyDragged(last, sources)) return this.#dragged(last.view.drag, sources);
    const { document, view } = sources;
    const nodes: FlowNode[] = [];
    for (const [id, frame] of Object.entries(document.frames)) nodes.push(this.#frame(id, frame, view));
    for (const [id, { position }] of Object.entries(document.reroutes)) nodes.push(this.#reroute(id, position, view));
    for (const [id, node] of Object.entries(document.nodes)) nodes.push(this.#node(id, node, sources));
    const edges = Object.entries(document.edges).flatMap(([id, edge]) => this.#edge(id, edge, document, view));
    prune(this.#nodes, document.nodes);
    prune(this.#frames, document.frames);
    prune(this.#reroutes, document.reroutes);
    prune(this.#edges, document.edges);
    const before = this.#arrays;
    const after = { nodes: same(before.nodes, nodes), edges: same(before.edges, edges) };
    if (after.nodes !== before.nodes || after.edges !== before.edges) {
      this.#arrays = after;
      this.#places = new Map(after.nodes.map(({ id }, at) => [id, at]));
    }
    return this.#arrays;
  }

  /** During a drag only what is, or was, dragged is looked at. */
  #dragged(before: Drag, sources: Sources): FlowArrays {
    const { document, view } = sources;
    const nodes = [...this.#arrays.nodes];
    const put = (flow: FlowNode): void => {
      const at = this.#places.get(flow.id);
      if (at !== undefined) nodes[at] = flow;
    };
    for (const id of keysOf(before.nodes, view.drag.nodes, before.sizes, view.drag.sizes)) {
      const node = document.nodes[id];
      if (node) put(this.#node(id, node, sources));
    }
    for (const id of keysOf(before.frames, view.drag.frames)) {
      const frame = document.frames[id];
      if (frame) put(this.#frame(id, frame, view));
    }
    for (const id of keysOf(before.reroutes, view.drag.reroutes)) {
      const reroute = document.reroutes[id];
      if (reroute) put(this.#reroute(id, reroute.position, view));
    }
    this.#arrays = { nodes: same(this.#arrays.nodes, nodes), edges: this.#arrays.edges };
    return this.#arrays;
  }

  #node(id: string, node: DocumentNode, { document, catalog, view, pictures }: Sources): FlowNode {
    const known = this.#nodes.get(id);
    const position = view.drag.nodes[id] ?? node.position;
    const selected = view.selection.nodes.has(id);
    const card = cardOf(document, catalog, id);
    const size = view.drag.sizes[id] ?? node.size;
    const picture = pictures[id];
    const sameShape = known?.node === node && known.card === card && known.size === size && samePicture(known.picture, picture);
    if (sameShape && known.selected === selected && known.position[0] === position[0] && known.position[1] === position[1])
      return known.flow;
    const geometry = sameShape ? known.geometry : this.#measure(known, card, node, picture, size);
    const flow = { ...flowOf(id, node, geometry, position, selected, known?.flow.data ?? { id }), ariaLabel: card.title };
    this.#nodes.set(id, { node, card, picture, size, geometry, position, selected, flow });
    return flow;
  }

  /** The old geometry when the new one is the same, so that a card is drawn again only when something of it moved. */
  #measure(
    known: KnownNode | undefined,
    card: Card,
    node: DocumentNode,
    picture: NodePicture | undefined,
    size: KnownNode["size"],
  ): CardGeometry {
    const shows = cardShows(card);
    const measured = cardGeometry(card, node, { picture: shows === "input" ? null : (picture ?? null), well: shows !== null }, size);
    return known && sameBox(known.geometry, measured) ? known.geometry : measured;
  }

  #frame(id: string, frame: DocumentFrame, { selection, drag }: Sources["view"]): FlowNode {
    const known = this.#frames.get(id);
    const bounds = drag.frames[id] ?? frame.bounds;
    const selected = selection.frames.has(id);
    if (known?.frame === frame && known.bounds === bounds && known.selected === selected) return known.flow;
    const [x, y, width, height] = bounds;
    const flow: FlowNode = {
      id: flowId("frame", id),
      type: "frame",
      position: { x, y },
      width,
      height,
      measured: { width, height },
      selected,
      data: known?.flow.data ?? { id },
      ariaLabel: frame.title,
      dragHandle: ".frame-title",
      zIndex: -1,
    };
    this.#frames.set(id, { frame, bounds, selected, flow });
    return flow;
  }

  #reroute(id: string, stored: readonly [number, number], { selection, drag }: Sources["view"]): FlowNode {
    const known = this.#reroutes.get(id);
    const position = drag.reroutes[id] ?? stored;
    const selected = selection.reroutes.has(id);
    if (known && known.position === position && known.selected === selected) return known.flow;
    const flow: FlowNode = {
      id: flowId("reroute", id),
      type: "reroute",
      position: { x: position[0] - reroutePointSize / 2, y: position[1] - reroutePointSize / 2 },
      width: reroutePointSize,
      height: reroutePointSize,
      measured: { width: reroutePointSize, height: reroutePointSize },
      selected,
      data: known?.flow.data ?? { id },
    };
    this.#reroutes.set(id, { position, selected, flow });
    return flow;
  }

  #edge(id: string, edge: DocumentEdge, document: GraphDocument, { selection }: Sources["view"]): FlowEdge[] {
    const source = this.#nodes.get(edge.from.node);
    const target = this.#nodes.get(edge.to.node);
    if (!source || !target || !source.geometry.outputs.has(edge.from.output) || !target.geometry.inputs.has(edge.to.input)) return [];
    const known = this.#edges.get(id);
    const selected = selection.edges.has(id);
    const type = source.card.outputs.find(({ key }) => key === edge.from.output)?.type ?? "*";
    if (known?.edge === edge && known.type === type && known.selected === selected) return [known.flow];
    const flow: FlowEdge = {
      id,
      type: "wire",
      source: edge.from.node,
      sourceHandle: edge.from.output,
      target: edge.to.node,
      targetHandle: edge.to.input,
      selected,
      data: { type, reroute: edge.reroute !== undefined && edge.reroute in document.reroutes ? edge.reroute : null },
    };
    this.#edges.set(id, { edge, type, selected, flow });
    return [flow];
  }
}

function onlyDragged(a: Sources, b: Sources): boolean {
  return a.document === b.document && a.catalog === b.catalog && a.pictures === b.pictures && a.view.selection === b.view.selection;
}

function keysOf(...records: readonly Readonly<Record<string, unknown>>[]): Set<string> {
  return new Set(records.flatMap((record) => Object.keys(record)));
}

function samePicture(a: NodePicture | undefined, b: NodePicture | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a.width * b.height === b.width * a.height);
}

function flowOf(
  id: string,
  node: DocumentNode,
  geometry: CardGeometry,
  position: readonly [number, number],
  selected: boolean,
  data: { readonly id: string },
): FlowNode {
  const type = node.type === "Reroute" ? "junction" : node.type === "Note" || node.type === "MarkdownNote" ? "note" : "card";
  const { width, height } = type === "junction" ? { width: junctionSize, height: junctionSize } : geometry;
  return {
    id,
    type,
    // A document's position is the corner below the title bar, as in ComfyUI's files.
    position: { x: position[0], y: position[1] - (type === "junction" ? 0 : headerHeight) },
    width,
    height,
    measured: { width, height },
    handles: type === "junction" ? junctionHandles(geometry) : handles(geometry),
    selected,
    data,
    ...(node.flags?.["pinned"] === true && { draggable: false }),
  };
}

function handles({ width, inputs, outputs }: CardGeometry): NodeHandle[] {
  const at = (x: number, y: number): Pick<NodeHandle, "x" | "y" | "width" | "height"> => ({
    x: x - socketWidth / 2,
    y: y - socketHeight / 2,
    width: socketWidth,
    height: socketHeight,
  });
  return [
    ...[...inputs].map(([id, y]) => ({ id, type: "target" as const, position: "left" as NodeHandle["position"], ...at(0, y) })),
    ...[...outputs].map(([id, y]) => ({ id, type: "source" as const, position: "right" as NodeHandle["position"], ...at(width, y) })),
  ];
}

function junctionHandles({ inputs, outputs }: CardGeometry): NodeHandle[] {
  const middle = {
    x: (junctionSize - socketWidth) / 2,
    y: (junctionSize - socketHeight) / 2,
    width: socketWidth,
    height: socketHeight,
  };
  return [
    ...[...inputs.keys()].map((id) => ({ id, type: "target" as const, position: "left" as NodeHandle["position"], ...middle })),
    ...[...outputs.keys()].map((id) => ({ id, type: "source" as const, position: "right" as NodeHandle["position"], ...middle })),
  ];
}

function sameBox(a: CardGeometry, b: CardGeometry): boolean {
  return (
    a.width === b.width &&
    a.height === b.height &&
    a.picture?.y === b.picture?.y &&
    a.picture?.height === b.picture?.height &&
    sameFields(a.fields, b.fields) &&
    samePlaces(a.inputs, b.inputs) &&
    samePlaces(a.outputs, b.outputs)
  );
}

function sameFields(a: CardGeometry["fields"], b: CardGeometry["fields"]): boolean {
  return a.length === b.length && a.every(({ key, y, height }, at) => key === b[at]?.key && y === b[at].y && height === b[at].height);
}

function samePlaces(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  if (a.size !== b.size) return false;
  for (const [key, y] of a) if (b.get(key) !== y) return false;
  return true;
}

function prune(known: Map<string, unknown>, present: Readonly<Record<string, unknown>>): void {
  if (known.size <= Object.keys(present).length) return;
  for (const id of known.keys()) if (!Object.hasOwn(present, id)) known.delete(id);
}

/** The old array when the new one holds the same objects. */
function same<T>(before: T[], after: T[]): T[] {
  return before.length === after.length && before.every((item, at) => item === after[at]) ? before : after;
}
