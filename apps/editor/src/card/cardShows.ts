import type { Card } from "../document/cardLayout.js";

const known = new WeakMap<Card, "result" | "input" | null>();

/** What kind of picture a card keeps a place for: what its node made, the file that it loads, or none. */
export function cardShows(card: Card): "result" | "input" | null {
  let shows = known.get(card);
  if (shows === undefined) {
    const loads = card.fields.some(({ schema }) => schema.upload === "image");
    const makes = (card.schema?.isOutputNode ?? false) && card.sockets.some(({ type }) => type === "IMAGE");
    shows = loads ? "input" : makes ? "result" : null;
    known.set(card, shows);
  }
  return shows;
}
