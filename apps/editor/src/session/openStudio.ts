import { createStore } from "zustand/vanilla";
import { api } from "../api/http.js";
import { openSocket } from "../api/socket.js";
import { FlowModel } from "../canvas/flowModel.js";
import { createDocumentStore } from "../document/documentStore.js";
import { JobFollower } from "../run/followJobs.js";
import { storedPrecision } from "../run/chosenPrecision.js";
import { createRunStore } from "../run/runStore.js";
import { applyTheme, storedTheme } from "../theme/theme.js";
import { createViewStore, toastError } from "../view/viewStore.js";
import { refreshCatalog } from "./catalog.js";
import { openLastDraft } from "./drafts.js";
import type { CatalogState, Studio } from "./studio.js";

/** Makes the studio of this window, and begins to fill it: nodes, the graph last worked on, what the server does. */
export function openStudio(): Studio {
  const run = createRunStore();
  const results: Studio["results"] = createStore(() => ({ version: 0 }));
  const catalog: Studio["catalog"] = createStore<CatalogState>(() => ({ here: {}, catalog: {}, version: -1 }));
  const view = createViewStore({ theme: applyTheme(storedTheme()), precision: storedPrecision() });
  const follower = new JobFollower({
    store: run,
    fetchJob: api.job,
    fetchEvents: api.jobEvents,
    onCatalog: (version) => void refreshCatalog({ catalog }, version).catch((error: unknown) => toastError(view, error)),
    onResults: () => results.setState(({ version }) => ({ version: version + 1 })),
    nextFrame,
  });
  const studio: Studio = {
    document: createDocumentStore(),
    view,
    run,
    catalog,
    follower,
    flow: new FlowModel(),
    canvas: { current: null },
    usedSeeds: createStore(() => ({})),
    drafts: { current: null },
    desktop: { current: false },
    results,
  };
  void begin(studio);
  return studio;
}

async function begin(studio: Studio): Promise<void> {
  try {
    await refreshCatalog(studio, -1);
  } catch (error) {
    toastError(studio.view, error);
  }
  await openLastDraft(studio);
  const socket = openSocket({
    message: (message) => studio.follower.message(message),
    preview: (preview) => studio.follower.preview(preview),
    connected: (connected) => studio.run.setState({ connected }),
  });
  studio.follower.attach(socket);
  studio.desktop.current = await api.status().then(
    ({ desktop }) => desktop,
    () => false,
  );
}

/** Before the next frame; soon, where the page is not drawn. */
function nextFrame(callback: () => void): void {
  if (document.visibilityState === "hidden") setTimeout(callback, 100);
  else requestAnimationFrame(callback);
}
