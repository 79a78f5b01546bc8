import type { Catalog, GraphDocument } from "@patchbay/graph";
import { junctionSize } from "../canvas/flowModel.js";
import { cardOf } from "../document/cardLayout.js";
import { cardGeometry, headerHeight } from "./cardGeometry.js";

/** Where a node belongs, in its document's terms, so that one of its ports is at a point of the canvas. */
export function placeByPort(
  document: GraphDocument,
  catalog: Catalog,
  id: string,
  port: { readonly key: string; readonly side: "input" | "output" },
  [x, y]: readonly [number, number],
): [number, number] {
  const node = document.nodes[id];
  if (!node) return [Math.round(x), Math.round(y)];
  if (node.type === "Reroute") return [Math.round(x - junctionSize / 2), Math.round(y - junctionSize / 2)];
  const { width, inputs, outputs } = cardGeometry(cardOf(document, catalog, id), node, { picture: null, well: false });
  const down = (port.side === "input" ? inputs : outputs).get(port.key) ?? 0;
  return [Math.round(port.side === "input" ? x : x - width), Math.round(y - down + headerHeight)];
}
