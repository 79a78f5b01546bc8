import { duplicate } from "../document/graphEdits/clipboard.js";
import type { Operation } from "../document/operationTypes.js";
import type { Studio } from "../session/studio.js";

/**
 * Dragging with Alt duplicates: copies, with the wires that lead in, take the place of the selected cards, which go on under the pointer without
 * the wires that led out of the selection. To the eye the original stays and the copy moves.
 */
export function leaveCopies({ document, catalog, view }: Studio): void {
  const { document: before, apply } = document.getState();
  const { nodes, frames } = view.getState().selection;
  const { operations, nodes: copies } = duplicate(
    before,
    catalog.getState().catalog,
    { nodes: [...nodes], frames: [...frames] },
    { by: [0, 0] },
  );
  // Copies come in the order of a record's keys.
  const originals = Object.keys(Object.fromEntries([...nodes].filter((id) => before.nodes[id]).map((id) => [id, true])));
  const copyOf = new Map(originals.map((id, at) => [id, copies[at]]));
  const rewired: Operation[] = [];
  for (const [id, edge] of Object.entries(before.edges)) {
    const copy = copyOf.get(edge.from.node);
    if (copy !== undefined && !nodes.has(edge.to.node))
      rewired.push({ kind: "setEdge", id, edge: { ...edge, from: { ...edge.from, node: copy } } });
  }
  apply([...operations, ...rewired], { label: "Duplicate" });
}
