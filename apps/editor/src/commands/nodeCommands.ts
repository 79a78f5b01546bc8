import { frameSelection } from "../document/graphEdits/frames.js";
import { setNodesMode } from "../document/graphEdits/setNodesMode.js";
import type { Operation } from "../document/operationTypes.js";
import type { Studio } from "../session/studio.js";
import { select } from "../view/viewStore.js";
import type { Command } from "./command.js";

const selected = ({ view }: Studio): string[] => [...view.getState().selection.nodes];
const anyNode = (studio: Studio): boolean => selected(studio).length > 0;

/** Sets a flag on all selected nodes, or takes it off when all have it. */
function toggleFlag(studio: Studio, flag: string, label: string): void {
  const { document, apply } = studio.document.getState();
  const ids = selected(studio);
  const all = ids.every((id) => document.nodes[id]?.flags?.[flag] === true);
  apply(
    ids.map((node): Operation => ({ kind: "setFlag", node, flag, ...(!all && { value: true }) })),
    { label },
  );
}

function modeCommand(mode: "mute" | "bypass", label: string, keys: readonly string[]): Command {
  return {
    id: mode,
    label,
    group: "Node",
    keys,
    enabled: anyNode,
    run: (studio) => {
      const { document, apply } = studio.document.getState();
      apply(setNodesMode(document, selected(studio), mode), { label });
    },
  };
}

export const nodeCommands: readonly Command[] = [
  modeCommand("mute", "Mute", ["M", "Mod+M"]),
  modeCommand("bypass", "Bypass", ["B", "Mod+B"]),
  {
    id: "collapse",
    label: "Collapse",
    group: "Node",
    keys: ["C", "Alt+C"],
    enabled: anyNode,
    run: (studio) => toggleFlag(studio, "collapsed", "Collapse"),
  },
  { id: "pin", label: "Pin in place", group: "Node", keys: ["P"], enabled: anyNode, run: (studio) => toggleFlag(studio, "pinned", "Pin") },
  {
    id: "rename",
    label: "Rename",
    group: "Node",
    keys: ["F2"],
    enabled: (studio) => selected(studio).length === 1,
    run: (studio) => studio.view.setState({ renaming: selected(studio)[0] ?? null }),
  },
  {
    id: "editField",
    label: "Into its first field",
    group: "Node",
    keys: ["E", "Enter"],
    onCanvas: true,
    enabled: (studio) => selected(studio).length === 1,
    run: (studio) => {
      const card = document.querySelector(`[data-node="${CSS.escape(selected(studio)[0] ?? "")}"]`);
      const fields = [...(card?.querySelectorAll<HTMLElement>("textarea, input, [role=spinbutton], .card-field button") ?? [])];
      (fields.find((field) => field.matches("textarea")) ?? fields[0])?.focus();
    },
  },
  {
    id: "wire",
    label: "Connect by name",
    group: "Node",
    keys: ["W"],
    enabled: (studio) => selected(studio).length === 1,
    run: (studio) => studio.view.setState({ wiring: selected(studio)[0] ?? null }),
  },
  {
    id: "frame",
    label: "Put a frame around",
    group: "Node",
    keys: ["Mod+G"],
    enabled: anyNode,
    run: (studio) => {
      const { document, apply } = studio.document.getState();
      const operations = frameSelection(document, studio.flow.sizeOf, selected(studio), "Frame");
      apply(operations, { label: "Frame" });
      const [added] = operations;
      if (added?.kind === "addFrame") select(studio.view, { frames: [added.id] });
    },
  },
];
