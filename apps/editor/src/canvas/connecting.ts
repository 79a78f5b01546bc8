import { cardOf, type Card, type CardInput } from "../document/cardLayout.js";
import { isConnectable } from "../document/graphEdits/canConnect.js";
import { connectionSources, connectionTargets } from "../document/graphEdits/connectionTargets.js";
import type { Studio } from "../session/studio.js";
import type { Connecting } from "../view/viewStore.js";

/** A wire is taken from a port: which ports can take its other end is found out once. */
export function beginConnection(studio: Studio, node: string, port: string, direction: Connecting["direction"]): void {
  const { document } = studio.document.getState();
  const { catalog } = studio.catalog.getState();
  const fits =
    direction === "fromOutput"
      ? connectionTargets(document, catalog, { node, output: port })
      : connectionSources(document, catalog, { node, input: port });
  studio.view.setState({ connecting: { node, port, direction, type: portType(studio, node, port, direction), fits } });
}

/** The type of a port as its card shows it. */
export function portType(studio: Studio, node: string, port: string, direction: Connecting["direction"]): string {
  const card = cardOf(studio.document.getState().document, studio.catalog.getState().catalog, node);
  const ports = direction === "fromOutput" ? card.outputs : [...card.sockets, ...card.fields];
  return ports.find(({ key }) => key === port)?.type ?? "*";
}

/** The inputs of a card that take wires. */
export function connectableInputs(card: Card): CardInput[] {
  return [...card.sockets, ...card.fields].filter(isConnectable);
}
