import type { EdgeChange, NodeChange } from "@xyflow/react";
import type { Selection, ViewStore } from "../view/viewStore.js";
import { flowPart } from "./flowId.js";
import type { FlowEdge, FlowNode } from "./flowModel.js";

/** Takes what React Flow says was selected, or no longer is, into the view. */
export function applySelection(view: ViewStore, nodes: readonly NodeChange<FlowNode>[], edges: readonly EdgeChange<FlowEdge>[] = []): void {
  const { selection } = view.getState();
  const next = {
    nodes: new Set(selection.nodes),
    edges: new Set(selection.edges),
    frames: new Set(selection.frames),
    reroutes: new Set(selection.reroutes),
  };
  let changed = false;
  const put = (set: Set<string>, id: string, selected: boolean): void => {
    if (set.has(id) === selected) return;
    changed = true;
    if (selected) set.add(id);
    else set.delete(id);
  };
  for (const change of nodes) {
    if (change.type !== "select") continue;
    const { kind, id } = flowPart(change.id);
    put(next[`${kind}s`], id, change.selected);
  }
  for (const change of edges) if (change.type === "select") put(next.edges, change.id, change.selected);
  if (changed) view.setState({ selection: next satisfies Selection });
}
