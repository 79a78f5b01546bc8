import type { MenuTarget } from "../view/viewStore.js";

/** The commands of each menu, by their ids; null is a line. */
export const menuEntries: Readonly<Record<MenuTarget["kind"], readonly (string | null)[]>> = {
  node: [
    "runSelected",
    null,
    "rename",
    "collapse",
    "mute",
    "bypass",
    "pin",
    null,
    "duplicate",
    "copy",
    "cut",
    null,
    "frame",
    "alignLeft",
    "alignTop",
    "tidyUp",
    null,
    "delete",
    "deleteOnly",
  ],
  edge: ["delete"],
  frame: ["duplicate", "copy", null, "delete"],
  canvas: ["add", "paste", null, "selectAll", "fit", "tidyUp", null, "undo", "redo"],
  run: ["runFront", "runSelected", null, "precisionDefault", "precisionExact", "precisionFast", "precisionSmall"],
  graph: ["new", "open", "recent", "welcome", null, "save", "saveDocument", "savePrompt", null, "palette"],
};
