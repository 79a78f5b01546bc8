import { isLink, unwrapLiteral, type Prompt } from "@patchbay/graph";
import { api, ApiError } from "../api/http.js";
import { afterRunSeeds } from "../document/graphEdits/afterRunSeeds.js";
import { runnableOf } from "../document/openGraph.js";
import { newId } from "../session/newId.js";
import type { Studio } from "../session/studio.js";
import { select, toast, toastError } from "../view/viewStore.js";
import { withProblems } from "./runStore.js";

export interface QueueOptions {
  readonly front?: boolean;
  readonly targets?: readonly string[];
}

/**
 * Runs the graph as it is now. Seeds that the run before used are moved on first, as their controls say: so the seed that a card shows is the one
 * that its picture was made with.
 */
export async function queueRun(studio: Studio, { front = false, targets }: QueueOptions = {}): Promise<void> {
  const { document, catalog, run, view, follower, usedSeeds } = studio;
  const { catalog: nodes } = catalog.getState();
  const used = usedSeeds.getState();
  const next = afterRunSeeds(document.getState().document, nodes).filter((operation) => {
    // Seeds inside subgraphs are not on a card: they move on with each run.
    if (operation.kind !== "setInput") return Object.keys(used).length > 0;
    const seed = used[operation.node]?.[operation.name];
    return seed !== undefined && seed === document.getState().document.nodes[operation.node]?.inputs[operation.name];
  });
  if (next.length > 0) document.getState().apply(next, { label: "Next seed" });
  const current = document.getState().document;
  const { precision } = view.getState();
  const { prompt, workflow } = runnableOf(current, nodes);
  run.setState({ problems: {}, graphProblems: [] });
  view.setState({ toasts: [] });
  try {
    const job = await api.queue(
      {
        prompt,
        workflow,
        title: current.title ?? "Untitled",
        ...(front && { front }),
        ...(targets && { targets: [...targets] }),
        ...(precision !== null && { precision }),
      },
      newId(),
    );
    usedSeeds.setState(seedsOf(prompt, current.nodes), true);
    follower.add(job);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.problems.length > 0) {
      run.setState((state) => withProblems(state, error.problems), true);
      const [first] = Object.keys(run.getState().problems);
      const count = error.problems.length;
      toast(view, count === 1 ? error.problems[0]!.message : `${count} things keep this graph from running.`, {
        tone: "error",
        action: first === undefined ? null : { label: "Show", run: () => showNode(studio, first) },
      });
    } else toastError(view, error);
  }
}

/** Brings a card into view and selects it. */
export function showNode({ view, canvas }: Studio, id: string): void {
  select(view, { nodes: [id] });
  void canvas.current?.fitView({ nodes: [{ id }], duration: 160, maxZoom: 1, padding: 0.4 });
}

/** The values of inputs that have a control, as a prompt holds them. */
function seedsOf(
  prompt: Prompt,
  nodes: Readonly<Record<string, { readonly controls?: Readonly<Record<string, unknown>> | undefined }>>,
): Record<string, Record<string, number | bigint>> {
  const seeds: Record<string, Record<string, number | bigint>> = {};
  for (const [id, { controls }] of Object.entries(nodes)) {
    for (const name of Object.keys(controls ?? {})) {
      const given = prompt[id]?.inputs[name];
      if (given === undefined || isLink(given)) continue;
      const value = unwrapLiteral(given);
      if (typeof value === "number" || typeof value === "bigint") (seeds[id] ??= {})[name] = value;
    }
  }
  return seeds;
}
