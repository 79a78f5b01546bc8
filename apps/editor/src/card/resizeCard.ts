import type { Studio } from "../session/studio.js";
import { snap } from "./cardGeometry.js";

/** A card's corner is pulled to this size (without the header); on letting go it goes into the document. */
export function resizeCard(
  { view, document }: Pick<Studio, "view" | "document">,
  id: string,
  [width, height]: readonly [number, number],
  done = false,
): void {
  const size: [number, number] = [snap(width), Math.round(height)];
  if (!done) {
    view.setState(({ drag }) => ({ drag: { ...drag, sizes: { ...drag.sizes, [id]: size } } }));
    return;
  }
  document.getState().apply([{ kind: "resizeNode", node: id, size }], { label: "Resize" });
  view.setState(({ drag }) => {
    const { [id]: _, ...sizes } = drag.sizes;
    return { drag: { ...drag, sizes } };
  });
}
