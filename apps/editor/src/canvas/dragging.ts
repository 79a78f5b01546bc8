import type { NodeChange } from "@xyflow/react";
import { headerHeight } from "../card/cardGeometry.js";
import { insertOnEdge } from "../document/graphEdits/insertOnEdge.js";
import { nodesInFrame } from "../document/graphEdits/frames.js";
import type { Operation } from "../document/operationTypes.js";
import type { Studio } from "../session/studio.js";
import { noDrag, type Drag, type Point } from "../view/viewStore.js";
import { flowPart } from "./flowId.js";
import { reroutePointSize, type FlowNode } from "./flowModel.js";

type Bounds = readonly [number, number, number, number];

/** Moves things: positions live in the view while they are dragged, and go into the document, as one step, when they are let go. */
export class Dragging {
  readonly #studio: Studio;
  #active = false;
  /** What lies in each dragged frame, and where that began. */
  #members = new Map<string, { readonly from: Bounds; readonly nodes: ReadonlyMap<string, Point> }>();

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  begin(ids: readonly string[]): void {
    const { document } = this.#studio.document.getState();
    this.#active = true;
    this.#members.clear();
    for (const id of ids) {
      const { kind, id: frame } = flowPart(id);
      const bounds = kind === "frame" ? document.frames[frame]?.bounds : undefined;
      if (!bounds) continue;
      const inside = nodesInFrame(document, this.#studio.flow.sizeOf, frame).filter((node) => !ids.includes(node));
      this.#members.set(frame, { from: bounds, nodes: new Map(inside.map((node) => [node, document.nodes[node]!.position])) });
    }
  }

  /** Takes in where React Flow says that things are. */
  move(changes: readonly NodeChange<FlowNode>[]): void {
    const moved: { nodes: Record<string, Point>; frames: Record<string, Bounds>; reroutes: Record<string, Point> } = {
      nodes: {},
      frames: {},
      reroutes: {},
    };
    const { document } = this.#studio.document.getState();
    let any = false;
    for (const change of changes) {
      if (change.type !== "position" || !change.position) continue;
      any = true;
      const { position } = change;
      const { kind, id } = flowPart(change.id);
      if (kind === "frame") this.#moveFrame(id, [position.x, position.y], moved);
      else if (kind === "reroute") moved.reroutes[id] = [position.x + reroutePointSize / 2, position.y + reroutePointSize / 2];
      else moved.nodes[id] = [position.x, position.y + (document.nodes[id]?.type === "Reroute" ? 0 : headerHeight)];
    }
    if (!any) return;
    this.#studio.view.setState(({ drag }) => ({
      drag: {
        ...drag,
        nodes: { ...drag.nodes, ...moved.nodes },
        frames: { ...drag.frames, ...moved.frames },
        reroutes: { ...drag.reroutes, ...moved.reroutes },
      },
    }));
    // Arrow keys move without a drag.
    if (!this.#active) this.end(null);
  }

  #moveFrame(id: string, [x, y]: Point, moved: { nodes: Record<string, Point>; frames: Record<string, Bounds> }): void {
    const { frames } = this.#studio.document.getState().document;
    const members = this.#members.get(id);
    const from = members?.from ?? frames[id]?.bounds;
    if (!from) return;
    moved.frames[id] = [x, y, from[2], from[3]];
    for (const [node, [nodeX, nodeY]] of members?.nodes ?? []) moved.nodes[node] = [nodeX + x - from[0], nodeY + y - from[1]];
  }

  /** What is let go goes into the document; a lone card over a wire is put on it. */
  end(edge: { readonly node: string; readonly edge: string } | null): void {
    this.#active = false;
    this.#members.clear();
    const { document, view, catalog } = this.#studio;
    const { drag } = view.getState();
    const operations: Operation[] = dragOperations(drag);
    if (edge) operations.push(...insertOnEdge(document.getState().document, catalog.getState().catalog, edge.node, edge.edge));
    view.setState({ drag: noDrag, dropEdge: null });
    if (operations.length > 0)
      document.getState().apply(operations, {
        label: edge ? "Put on a wire" : "Move",
        mergeKey: edge ? undefined : `move ${Object.keys(drag.nodes).join(" ")}`,
      });
  }
}

function dragOperations({ nodes, frames, reroutes }: Drag): Operation[] {
  const positions = Object.fromEntries(
    Object.entries(nodes).map(([id, [x, y]]) => [id, [Math.round(x), Math.round(y)] as [number, number]]),
  );
  return [
    ...(Object.keys(positions).length > 0 ? [{ kind: "moveNodes", positions } as const] : []),
    ...Object.entries(frames).map(
      ([id, [x, y, width, height]]) =>
        ({
          kind: "setFrame",
          id,
          patch: { bounds: [Math.round(x), Math.round(y), width, height] as [number, number, number, number] },
        }) as const,
    ),
    ...Object.entries(reroutes).map(
      ([id, [x, y]]) => ({ kind: "setReroute", id, patch: { position: [Math.round(x), Math.round(y)] as [number, number] } }) as const,
    ),
  ];
}
