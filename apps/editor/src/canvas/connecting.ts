import { cardOf, type Card, type CardInput } from "../document/cardLayout.js";
import { isConnectable } from "../document/graphEdits/canConnect.js";
import { connectionSources, connectionTargets, type PortMatcher } from "../document/graphEdits/connectionTargets.js";
import type { Studio } from "../session/studio.js";
import type { Connecting } from "../view/viewStore.js";

/** A wire is taken from a port: which ports can take its other end is found out once. */
export function beginConnection(studio: Studio, node: string, port: string, direction: Connecting["direction"]): void {
  const fits = portsThatFit(studio, node, port, direction);
  studio.view.setState({ connecting: { node, port, direction, type: portType(studio, node, port, direction), fits } });
}

/** Whether a port can take the other end of a wire from this one, in constant time. */
export function portsThatFit({ document, catalog }: Studio, node: string, port: string, direction: Connecting["direction"]): PortMatcher {
  const [graph, kinds] = [document.getState().document, catalog.getState().catalog];
  return direction === "fromOutput"
    ? connectionTargets(graph, kinds, { node, output: port })
    : connectionSources(graph, kinds, { node, input: port });
}

/** The type of a port as its card shows it. */
function portType(studio: Studio, node: string, port: string, direction: Connecting["direction"]): string {
  const card = cardOf(studio.document.getState().document, studio.catalog.getState().catalog, node);
  const ports = direction === "fromOutput" ? card.outputs : [...card.sockets, ...card.fields];
  return ports.find(({ key }) => key === port)?.type ?? "*";
}

/** The inputs of a card that take wires. */
export function connectableInputs(card: Card): CardInput[] {
  return [...card.sockets, ...card.fields].filter(isConnectable);
}
