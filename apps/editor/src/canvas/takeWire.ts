import { edgeInto } from "../document/edgesByNode.js";
import type { GraphDocument } from "@patchbay/graph";

/**
 * The pointer goes down on an input that has a wire: it takes the wire's end, as if it had gone down on the wire itself, where React Flow
 * listens for that. Returns whether there was one.
 */
export function takeWire(
  target: EventTarget | null,
  at: { readonly clientX: number; readonly clientY: number },
  document: GraphDocument,
): boolean {
  const socket = target instanceof Element ? target.closest<HTMLElement>(".socket.target.linked") : null;
  if (!socket) return false;
  const { nodeid = "", handleid = "" } = socket.dataset;
  const id = edgeInto(document, nodeid, handleid);
  const end = id === undefined ? null : socket.ownerDocument.querySelector(`[data-id="${CSS.escape(id)}"] .react-flow__edgeupdater-target`);
  if (!end) return false;
  const { clientX, clientY } = at;
  end.dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true, button: 0, clientX, clientY }));
  return true;
}
