import { isFinal } from "@patchbay/protocol";
import { api } from "../api/http.js";
import { queueRun } from "../run/queueRun.js";
import type { Studio } from "../session/studio.js";
import { toastError } from "../view/viewStore.js";
import type { Command } from "./command.js";

/** The job that Cancel stops: the one the cards show, else the first that waits. */
export function jobToCancel({ run }: Studio): string | undefined {
  const { queue, shown } = run.getState();
  const open = queue.filter(({ state }) => !isFinal(state) && state !== "cancelling");
  return (open.find(({ id }) => id === shown) ?? open[0])?.id;
}

export async function cancelJob(studio: Studio, id: string): Promise<void> {
  try {
    await api.cancel(id);
  } catch (error) {
    toastError(studio.view, error);
  }
}

/** Those of the selected cards that save or show something. */
function selectedOutputs({ view, document, catalog }: Studio): string[] {
  const { nodes } = document.getState().document;
  const { catalog: kinds } = catalog.getState();
  return [...view.getState().selection.nodes].filter((id) => kinds[nodes[id]?.type ?? ""]?.output_node);
}

export const runCommands: readonly Command[] = [
  { id: "run", label: "Run", group: "Run", keys: ["Mod+Enter"], inText: true, run: (studio) => queueRun(studio) },
  {
    id: "runFront",
    label: "Run before all that wait",
    group: "Run",
    keys: ["Mod+Shift+Enter"],
    inText: true,
    run: (studio) => queueRun(studio, { front: true }),
  },
  {
    id: "runSelected",
    label: "Run only to the selected cards",
    group: "Run",
    keys: ["Alt+Enter"],
    enabled: (studio) => selectedOutputs(studio).length > 0,
    run: (studio) => queueRun(studio, { targets: selectedOutputs(studio) }),
  },
  {
    id: "cancel",
    label: "Cancel the run",
    group: "Run",
    keys: ["Mod+Alt+Enter"],
    inText: true,
    enabled: (studio) => jobToCancel(studio) !== undefined,
    run: async (studio) => {
      const id = jobToCancel(studio);
      if (id !== undefined) await cancelJob(studio, id);
    },
  },
  {
    id: "clearQueue",
    label: "Clear the queue",
    group: "Run",
    keys: [],
    enabled: ({ run }) => run.getState().queue.some(({ state }) => state === "queued"),
    run: async ({ view }) => {
      try {
        await api.clear();
      } catch (error) {
        toastError(view, error);
      }
    },
  },
];
