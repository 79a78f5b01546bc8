import type { GraphDocument, JsonValue } from "@patchbay/graph";
import type { Operation } from "../document/operationTypes.js";
import { headerHeight, textHeight, type CardGeometry, type PlacedField } from "./cardGeometry.js";

/** A card with a size of its own grows under the hand that writes in it; one without does so by itself. */
export function growCard(
  document: GraphDocument,
  geometry: CardGeometry | undefined,
  node: string,
  { height }: PlacedField,
  text: JsonValue,
): Operation[] {
  const size = document.nodes[node]?.size;
  if (!size || !geometry || geometry.picture) return [];
  const missing = textHeight(text, geometry.width) - height;
  return missing > 0 ? [{ kind: "resizeNode", node, size: [size[0], geometry.height - headerHeight + missing] }] : [];
}
