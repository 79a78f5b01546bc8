import { canvasCentre } from "../canvas/canvasPoint.js";
import { copySelection, duplicate, pasteText, type Pasted } from "../document/graphEdits/clipboard.js";
import { deleteSelection } from "../document/graphEdits/deleteSelection.js";
import type { Studio } from "../session/studio.js";
import { emptySelection, isAnySelected, select, toast, toastError } from "../view/viewStore.js";
import type { Command } from "./command.js";

const anything = ({ view }: Studio): boolean => isAnySelected(view.getState().selection);
const anyNode = ({ view }: Studio): boolean => view.getState().selection.nodes.size > 0 || view.getState().selection.frames.size > 0;

/** Takes what is selected out; wires are led past it when `heal`. */
export function deleteSelected({ document, view, catalog }: Studio, heal: boolean): void {
  const { selection } = view.getState();
  const operations = deleteSelection(document.getState().document, catalog.getState().catalog, sets(selection), { heal });
  view.setState({ selection: emptySelection });
  document.getState().apply(operations, { label: "Delete" });
}

async function copySelected({ document, view }: Studio): Promise<boolean> {
  const text = copySelection(document.getState().document, sets(view.getState().selection));
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    toast(view, "The browser did not allow copying.", { tone: "error" });
    return false;
  }
}

/** Puts copied cards, or a whole graph, into the middle of the canvas; says what is wrong with what was copied. */
export function pasteGraph(studio: Studio, text: string, connectInputs = false): boolean {
  const { document, view, catalog, canvas } = studio;
  try {
    addCopies(
      studio,
      pasteText(document.getState().document, catalog.getState().catalog, text, canvasCentre(canvas), { connectInputs }),
      "Paste",
    );
    return true;
  } catch (error) {
    toastError(view, error);
    return false;
  }
}

function addCopies({ document, view }: Studio, { operations, nodes, frames }: Pasted, label: string): void {
  document.getState().apply(operations, { label });
  select(view, { nodes, frames });
}

async function pasteFromClipboard(studio: Studio, connectInputs: boolean): Promise<void> {
  try {
    pasteGraph(studio, await navigator.clipboard.readText(), connectInputs);
  } catch {
    toast(studio.view, "The browser did not allow reading what was copied. Press Ctrl+V on the canvas instead.", { tone: "error" });
  }
}

function sets({ nodes, edges, frames, reroutes }: ReturnType<Studio["view"]["getState"]>["selection"]): {
  readonly nodes: string[];
  readonly edges: string[];
  readonly frames: string[];
  readonly reroutes: string[];
} {
  return { nodes: [...nodes], edges: [...edges], frames: [...frames], reroutes: [...reroutes] };
}

export const editCommands: readonly Command[] = [
  {
    id: "undo",
    label: "Undo",
    group: "Edit",
    keys: ["Mod+Z"],
    inText: true,
    enabled: ({ document }) => document.getState().canUndo,
    run: ({ document }) => document.getState().undo(),
  },
  {
    id: "redo",
    label: "Redo",
    group: "Edit",
    keys: ["Mod+Shift+Z", "Mod+Y"],
    inText: true,
    enabled: ({ document }) => document.getState().canRedo,
    run: ({ document }) => document.getState().redo(),
  },
  {
    id: "cut",
    label: "Cut",
    group: "Edit",
    keys: ["Mod+X"],
    enabled: anyNode,
    run: async (studio) => {
      if (await copySelected(studio)) deleteSelected(studio, true);
    },
  },
  { id: "copy", label: "Copy", group: "Edit", keys: ["Mod+C"], enabled: anyNode, run: async (studio) => void (await copySelected(studio)) },
  // Ctrl+V is the browser's paste event, which needs no permission; this is for menus.
  { id: "paste", label: "Paste", group: "Edit", keys: [], run: (studio) => pasteFromClipboard(studio, false) },
  {
    id: "pasteConnected",
    label: "Paste with the wires that led in",
    group: "Edit",
    keys: ["Mod+Shift+V"],
    run: (studio) => pasteFromClipboard(studio, true),
  },
  {
    id: "duplicate",
    label: "Duplicate",
    group: "Edit",
    keys: ["Mod+D"],
    enabled: anyNode,
    run: (studio) => {
      const { document, catalog, view } = studio;
      addCopies(studio, duplicate(document.getState().document, catalog.getState().catalog, sets(view.getState().selection)), "Duplicate");
    },
  },
  {
    id: "delete",
    label: "Delete, and join the wires",
    group: "Edit",
    keys: ["Delete", "Backspace"],
    enabled: anything,
    run: (studio) => deleteSelected(studio, true),
  },
  {
    id: "deleteOnly",
    label: "Delete with its wires",
    group: "Edit",
    keys: ["Shift+Delete"],
    enabled: anything,
    run: (studio) => deleteSelected(studio, false),
  },
  {
    id: "selectAll",
    label: "Select everything",
    group: "Edit",
    keys: ["Mod+A"],
    run: ({ document, view }) => {
      const { nodes, frames } = document.getState().document;
      select(view, { nodes: Object.keys(nodes), frames: Object.keys(frames) });
    },
  },
];
