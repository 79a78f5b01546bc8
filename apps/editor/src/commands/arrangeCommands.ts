import { alignNodes, distributeNodes, tidyUp } from "../document/graphEdits/arrange.js";
import type { Operation } from "../document/operationTypes.js";
import type { Studio } from "../session/studio.js";
import type { Command } from "./command.js";

const selected = ({ view }: Studio): string[] => [...view.getState().selection.nodes];

function arrange(
  id: string,
  label: string,
  keys: readonly string[],
  least: number,
  edit: (studio: Studio, ids: string[]) => Operation[],
): Command {
  return {
    id,
    label,
    group: "Arrange",
    keys,
    enabled: (studio) => selected(studio).length >= least,
    run: (studio) => studio.document.getState().apply(edit(studio, selected(studio)), { label }),
  };
}

const align = (id: string, label: string, key: string, side: Parameters<typeof alignNodes>[3]): Command =>
  arrange(id, label, [key], 2, ({ document, flow }, ids) => alignNodes(document.getState().document, flow.sizeOf, ids, side));

export const arrangeCommands: readonly Command[] = [
  align("alignLeft", "Align left edges", "Alt+A", "left"),
  align("alignRight", "Align right edges", "Alt+D", "right"),
  align("alignTop", "Align tops", "Alt+W", "top"),
  align("alignBottom", "Align bottoms", "Alt+S", "bottom"),
  align("alignMiddleX", "Align centres, one below the other", "Alt+H", "centreX"),
  align("alignMiddleY", "Align centres, side by side", "Alt+V", "centreY"),
  arrange("distributeX", "Spread evenly across", ["Alt+Shift+H"], 3, ({ document, flow }, ids) =>
    distributeNodes(document.getState().document, flow.sizeOf, ids, "horizontal"),
  ),
  arrange("distributeY", "Spread evenly down", ["Alt+Shift+V"], 3, ({ document, flow }, ids) =>
    distributeNodes(document.getState().document, flow.sizeOf, ids, "vertical"),
  ),
  arrange("tidyUp", "Tidy up", ["L"], 0, ({ document, flow }, ids) =>
    tidyUp(document.getState().document, flow.sizeOf, ids.length > 1 ? ids : Object.keys(document.getState().document.nodes)),
  ),
];
