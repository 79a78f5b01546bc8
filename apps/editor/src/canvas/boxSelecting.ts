import type { EdgeChange, NodeChange } from "@xyflow/react";
import type { Studio } from "../session/studio.js";
import { emptySelection, type Point, type Selection } from "../view/viewStore.js";
import { canvasPoint } from "./canvasPoint.js";
import { flowPart } from "./flowId.js";
import type { FlowEdge, FlowNode } from "./flowModel.js";

interface Press {
  readonly clientX: number;
  readonly clientY: number;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
}

/** Selecting by a box: the cards that it touches and the frames that lie in it whole; with Shift or Ctrl beside what was selected before. */
export class BoxSelecting {
  readonly #studio: Pick<Studio, "view" | "document" | "canvas">;
  #kept: Selection = emptySelection;
  /** Where the pointer went down, in canvas units. */
  #from: Point = [0, 0];
  #active = false;

  constructor(studio: Pick<Studio, "view" | "document" | "canvas">) {
    this.#studio = studio;
  }

  /** The pointer goes down: React Flow forgets what is selected before it says that a box begins. */
  press(event: Press): void {
    const { shiftKey, ctrlKey, metaKey } = event;
    this.#from = this.#pointOf(event);
    this.#kept = shiftKey || ctrlKey || metaKey ? this.#studio.view.getState().selection : emptySelection;
  }

  begin(): void {
    this.#active = true;
    this.#studio.view.setState({ selection: this.#kept });
  }

  /** React Flow's changes without those that a box does not make: it takes frames that it only touches, and lets go what was selected before. */
  nodes(changes: readonly NodeChange<FlowNode>[]): readonly NodeChange<FlowNode>[] {
    if (!this.#active) return changes;
    return changes.filter(
      (change) => change.type !== "select" || (change.selected ? flowPart(change.id).kind !== "frame" : !isSelected(this.#kept, change.id)),
    );
  }

  /** The wires between what is in a box are not selected: they go with their cards. */
  edges(changes: readonly EdgeChange<FlowEdge>[]): readonly EdgeChange<FlowEdge>[] {
    return this.#active ? changes.filter(({ type }) => type !== "select") : changes;
  }

  end(event: Press): void {
    if (!this.#active) return;
    this.#active = false;
    const [from, to] = [this.#from, this.#pointOf(event)];
    const { view, document } = this.#studio;
    const enclosed = Object.entries(document.getState().document.frames).filter(
      ([, { bounds }]) =>
        bounds[0] >= Math.min(from[0], to[0]) &&
        bounds[1] >= Math.min(from[1], to[1]) &&
        bounds[0] + bounds[2] <= Math.max(from[0], to[0]) &&
        bounds[1] + bounds[3] <= Math.max(from[1], to[1]),
    );
    if (enclosed.length === 0) return;
    const { selection } = view.getState();
    view.setState({ selection: { ...selection, frames: new Set([...selection.frames, ...enclosed.map(([id]) => id)]) } });
  }

  #pointOf({ clientX, clientY }: Press): Point {
    return canvasPoint(this.#studio.canvas, [clientX, clientY]);
  }
}

function isSelected(selection: Selection, flow: string): boolean {
  const { kind, id } = flowPart(flow);
  return selection[`${kind}s`].has(id);
}
