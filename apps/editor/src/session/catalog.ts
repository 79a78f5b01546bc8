import { parseJson, type Catalog } from "@patchbay/graph";
import { api } from "../api/http.js";
import type { Studio } from "./studio.js";

let lastText = "";

/** Fetches the nodes, `version` of them; where they are the same as before, nothing is drawn again. */
export async function refreshCatalog({ catalog }: Pick<Studio, "catalog">, version: number): Promise<void> {
  if (catalog.getState().version === version && version >= 0) return;
  const text = await api.catalogText();
  if (text === lastText) {
    catalog.setState({ version });
    return;
  }
  lastText = text;
  const here = parseJson(text) as unknown as Catalog;
  catalog.setState((state) => ({ version, here, catalog: { ...state.catalog, ...here } }));
}

let foreign: Promise<Catalog> | undefined;
/** Whether they are in the catalog: once is enough, as every card is drawn again. */
let taken = false;

/** The nodes that graphs from elsewhere may hold: fetched when one is opened for the first time. */
export async function needKnownNodes({ catalog }: Pick<Studio, "catalog">): Promise<Catalog> {
  foreign ??= api.knownNodes();
  try {
    const nodes = await foreign;
    if (!taken) catalog.setState((state) => ({ catalog: { ...nodes, ...state.here } }));
    taken = true;
  } catch {
    // Nodes of other kinds become placeholders without names, which is still better than not opening.
    foreign = undefined;
  }
  return catalog.getState().catalog;
}
