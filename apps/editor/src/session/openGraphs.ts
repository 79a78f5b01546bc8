import { fitSoon } from "../canvas/fitting.js";
import { stringifyJson } from "@patchbay/graph";
import { api } from "../api/http.js";
import { openGraphFile } from "../document/openGraph.js";
import { toastError } from "../view/viewStore.js";
import { openGraph } from "./files.js";
import type { Studio } from "./studio.js";

/** Opens the graph that comes with Patchbay, with the picture that it made here; `first`: nothing was open before that undo could bring back. */
export async function openWelcome(studio: Studio, { first = false }: { readonly first?: boolean } = {}): Promise<void> {
  try {
    const { graph, job } = await api.welcome();
    // It holds nothing but nodes that run here.
    const { document } = openGraphFile(stringifyJson(graph), studio.catalog.getState().catalog, { fileName: "Little landscape" });
    if (first) studio.document.getState().reset(document);
    else studio.document.getState().apply([{ kind: "replaceDocument", document }], { label: "Open the starter graph" });
    await studio.follower.open(job ? [job.id] : []);
    fitSoon(studio);
  } catch (error) {
    toastError(studio.view, error);
  }
}

/** Opens the graph that a job ran, with the pictures that it made. */
export async function openJob(studio: Studio, id: string, title: string): Promise<void> {
  try {
    const { prompt, workflow } = await api.jobGraph(id);
    const text = stringifyJson(workflow ?? (prompt as unknown as Parameters<typeof stringifyJson>[0]));
    if (await openGraph(studio, text, title)) await studio.follower.open([id]);
  } catch (error) {
    toastError(studio.view, error);
  }
}
