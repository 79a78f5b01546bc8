import { canvasCentre } from "../canvas/canvasPoint.js";
import { fitEverything } from "../canvas/fitting.js";
import type { Studio } from "../session/studio.js";
import { applyTheme } from "../theme/theme.js";
import { showsMinimap } from "../canvas/showsMinimap.js";
import type { ViewState } from "../view/viewStore.js";
import type { Command } from "./command.js";

const ease = { duration: 160 };

function toggle(key: "strip" | "inspector" | "shortcuts"): (studio: Studio) => void {
  return ({ view }) => view.setState((state) => ({ [key]: !state[key] }) as Partial<ViewState>);
}

/** Opens a panel at the rail, or closes it. */
export function togglePanel({ view }: Studio, panel: NonNullable<ViewState["panel"]>): void {
  view.setState((state) => ({ panel: state.panel === panel ? null : panel }));
}

export const viewCommands: readonly Command[] = [
  {
    id: "add",
    label: "Add a card",
    group: "View",
    keys: ["Tab", "Shift+A"],
    onCanvas: true,
    run: ({ view, canvas }) => {
      const position = canvasCentre(canvas);
      view.setState({ add: { at: [innerWidth / 2 - 180, innerHeight / 2 - 220], position, wire: null } });
    },
  },
  {
    id: "palette",
    label: "Find a command",
    group: "View",
    keys: ["Mod+K", "Mod+Shift+P"],
    inText: true,
    run: ({ view }) => view.setState({ palette: "commands" }),
  },
  {
    id: "findNode",
    label: "Find a card in the graph",
    group: "View",
    keys: ["Mod+F"],
    run: ({ view }) => view.setState({ palette: "nodes" }),
  },
  {
    id: "fit",
    label: "See everything",
    group: "View",
    keys: ["F"],
    run: ({ canvas }) => void canvas.current?.fitView({ ...fitEverything, ...ease }),
  },
  {
    id: "zoomSelection",
    label: "See the selection",
    group: "View",
    keys: ["Z", "."],
    enabled: ({ view }) => view.getState().selection.nodes.size > 0,
    run: ({ canvas, view }) =>
      void canvas.current?.fitView({
        ...ease,
        nodes: [...view.getState().selection.nodes].map((id) => ({ id })),
        padding: 0.3,
        maxZoom: 1.5,
      }),
  },
  { id: "zoomIn", label: "Nearer", group: "View", keys: ["+", "Alt+=", "Mod+="], run: ({ canvas }) => void canvas.current?.zoomIn(ease) },
  {
    id: "zoomOut",
    label: "Farther",
    group: "View",
    keys: ["-", "Alt+-", "Mod+-"],
    run: ({ canvas }) => void canvas.current?.zoomOut(ease),
  },
  { id: "zoomFull", label: "Full size", group: "View", keys: ["1", "Mod+0"], run: ({ canvas }) => void canvas.current?.zoomTo(1, ease) },
  { id: "queue", label: "Queue", group: "View", keys: ["Q"], run: (studio) => togglePanel(studio, "queue") },
  { id: "results", label: "Results", group: "View", keys: ["R"], run: (studio) => togglePanel(studio, "results") },
  { id: "strip", label: "Results strip", group: "View", keys: ["Alt+R"], run: toggle("strip") },
  { id: "inspector", label: "Inspector", group: "View", keys: ["I"], run: toggle("inspector") },
  {
    id: "minimap",
    label: "Map of the graph",
    group: "View",
    keys: ["Alt+M"],
    run: (studio) => studio.view.setState({ minimap: !showsMinimap(studio) }),
  },
  { id: "shortcuts", label: "Keys", group: "View", keys: ["?"], run: toggle("shortcuts") },
  {
    id: "theme",
    label: "Dark or light",
    group: "View",
    keys: [],
    run: ({ view }) => view.setState(({ theme }) => ({ theme: applyTheme(theme === "dark" ? "light" : "dark") })),
  },
];
