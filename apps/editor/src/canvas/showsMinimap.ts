import { useDocument, useView, type Studio } from "../session/studio.js";

/** A graph with fewer cards is seen whole; a map of it would only be in the way. */
const leastCards = 20;

/** Whether the map is shown: as chosen, else for graphs of some size. */
export function showsMinimap({ view, document }: Studio): boolean {
  return view.getState().minimap ?? Object.keys(document.getState().document.nodes).length >= leastCards;
}

export function useShowsMinimap(): boolean {
  const chosen = useView((state) => state.minimap);
  const large = useDocument(({ document }) => Object.keys(document.nodes).length >= leastCards);
  return chosen ?? large;
}
