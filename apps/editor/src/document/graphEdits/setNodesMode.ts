import { getOwn } from "@patchbay/graph";
import type { DocumentNode, GraphDocument } from "@patchbay/graph";
import type { Operation } from "../operation.js";

/** Mutes or bypasses nodes, or, when all of them have that mode, lets them run again. Ids that are not there are passed over. */
export function setNodesMode(document: GraphDocument, ids: Iterable<string>, mode: NonNullable<DocumentNode["mode"]>): Operation[] {
  const nodes = [...ids].flatMap((id) => {
    const node = getOwn(document.nodes, id);
    return node ? [[id, node] as const] : [];
  });
  const all = nodes.every(([, node]) => node.mode === mode);
  return nodes
    .filter(([, node]) => all || node.mode !== mode)
    .map(([id]): Operation => (all ? { kind: "setMode", node: id } : { kind: "setMode", node: id, mode }));
}
