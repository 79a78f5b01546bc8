import { emptyDocument } from "@patchbay/graph";
import { openFiles, saveGraph } from "../session/files.js";
import { openWelcome } from "../session/openGraphs.js";
import type { Command } from "./command.js";

export const graphCommands: readonly Command[] = [
  {
    id: "new",
    label: "New graph",
    group: "Graph",
    keys: [],
    run: ({ document }) => document.getState().apply([{ kind: "replaceDocument", document: emptyDocument() }], { label: "New graph" }),
  },
  { id: "welcome", label: "Open the starter graph", group: "Graph", keys: [], run: (studio) => openWelcome(studio) },
  { id: "open", label: "Open a file …", group: "Graph", keys: ["Mod+O"], run: (studio) => openFiles(studio) },
  {
    id: "recent",
    label: "Open a graph from before …",
    group: "Graph",
    keys: ["Alt+O"],
    run: ({ view }) => view.setState({ palette: "drafts" }),
  },
  {
    id: "save",
    label: "Save as a workflow",
    group: "Graph",
    keys: ["Mod+S"],
    inText: true,
    run: (studio) => saveGraph(studio, "workflow"),
  },
  {
    id: "saveDocument",
    label: "Save as a Patchbay document",
    group: "Graph",
    keys: ["Mod+Shift+S"],
    inText: true,
    run: (studio) => saveGraph(studio, "document"),
  },
  { id: "savePrompt", label: "Save as an API prompt", group: "Graph", keys: [], run: (studio) => saveGraph(studio, "prompt") },
];
