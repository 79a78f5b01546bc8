import { getOwn } from "@patchbay/graph";
import type { Catalog, GraphDocument } from "@patchbay/graph";
import { readClipboard, selectedParts, writeClipboard } from "./clipboardParts.js";
import type { Selection } from "./deleteSelection.js";
import { pasteParts } from "./pasteParts.js";
import type { Pasted, PasteOptions } from "./pasteParts.js";

export type { Pasted, PasteOptions } from "./pasteParts.js";

/** What can be copied: ids of nodes, or a selection; edges come along by themselves. */
export type Copied = readonly string[] | Selection;

function partsOf(document: GraphDocument, copied: Copied): ReturnType<typeof selectedParts> {
  const {
    nodes = [],
    frames = [],
    reroutes = [],
  }: Selection = Array.isArray(copied) ? { nodes: copied as readonly string[] } : (copied as Selection);
  return selectedParts(document, nodes, frames, reroutes);
}

/**
 * Selected parts as text for the clipboard: {"format": "patchbay-clipboard", "version": 1, nodes, edges, frames, reroutes, subgraphs, sources}.
 * Edges are those that lead to the copied nodes; ids that are not there are passed over.
 */
export function copySelection(document: GraphDocument, copied: Copied): string {
  return writeClipboard(partsOf(document, copied));
}

/**
 * Pastes text: what `copySelection` made, what ComfyUI copies, or a whole graph in any format (see `readGraph`). The top left corner of what is
 * pasted comes to `position`. Throws EditorError: EDITOR_CLIPBOARD_INVALID.
 */
export function pasteText(
  document: GraphDocument,
  catalog: Catalog,
  text: string,
  position: readonly [number, number],
  options: PasteOptions = {},
): Pasted {
  return pasteParts(document, catalog, readClipboard(text, catalog), position, options);
}

/** Copies parts beside themselves, linked to what feeds the originals unless `connectInputs` is false. */
export function duplicate(
  document: GraphDocument,
  catalog: Catalog,
  copied: Copied,
  { by = [40, 40], connectInputs = true }: PasteOptions & { readonly by?: readonly [number, number] } = {},
): Pasted {
  const parts = partsOf(document, copied);
  const corners = [
    ...Object.keys(parts.nodes).map((id) => getOwn(document.nodes, id)?.position ?? [0, 0]),
    ...Object.values(parts.frames).map(({ bounds }) => bounds),
  ];
  let [left, top] = [Infinity, Infinity];
  for (const [x = 0, y = 0] of corners) {
    left = Math.min(left, x);
    top = Math.min(top, y);
  }
  return pasteParts(document, catalog, parts, [left + by[0], top + by[1]], { connectInputs });
}
