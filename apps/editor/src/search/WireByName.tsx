import { useCallback, useMemo, useState, type JSX } from "react";
import { connectableInputs, portsThatFit } from "../canvas/connecting.js";
import { edgeInto } from "../document/edgesByNode.js";
import { cardOf } from "../document/cardLayout.js";
import { connect, disconnect } from "../document/graphEdits/connect.js";
import { useStudio, useView, type Studio } from "../session/studio.js";
import { typeColour } from "../theme/typeColour.js";
import { Popover } from "../shell/Popover.js";
import { PickList } from "./PickList.js";
import type { Searchable } from "./rankMatches.js";

interface PortEntry extends Searchable {
  readonly node: string;
  readonly port: string;
  readonly type: string;
  readonly side: "input" | "output";
  readonly detail: string;
}

const width = 420;

/** Draws a wire without a pointer, or takes one off: a port of the selected card, then one that fits it. */
export function WireByName(): JSX.Element | null {
  const node = useView((state) => state.wiring);
  return node === null ? null : <OpenWiring key={node} node={node} />;
}

function OpenWiring({ node }: { readonly node: string }): JSX.Element {
  const studio = useStudio();
  const [from, setFrom] = useState<PortEntry | null>(null);
  const close = useCallback(() => studio.view.setState({ wiring: null }), [studio]);
  const anchor = useMemo(() => ({ x: (innerWidth - width) / 2, top: 96, bottom: 96 }), []);
  const entries = useMemo(() => (from === null ? portsOf(studio, node) : partnersOf(studio, from)), [studio, node, from]);
  const pick = (entry: PortEntry): void => {
    if (from === null) {
      setFrom(entry);
      return;
    }
    close();
    if (entry.side === from.side) {
      takeOff(studio, from);
      return;
    }
    const [output, input] = from.side === "output" ? [from, entry] : [entry, from];
    const { document, apply } = studio.document.getState();
    apply(
      connect(
        document,
        studio.catalog.getState().catalog,
        { node: output.node, output: output.port },
        { node: input.node, input: input.port },
      ),
      { label: "Connect" },
    );
  };
  return (
    <Popover anchor={anchor} width={width} label="Connect" onClose={close}>
      <PickList
        key={from === null ? "from" : "to"}
        entries={entries}
        placeholder={from === null ? "Which port of this card" : from.side === "output" ? "To which input" : "From which output"}
        empty={from === null ? "This card has no port by that name." : "Nothing here fits it."}
        keyOf={({ node: id, port, side }) => `${side} ${id} ${port}`}
        render={({ label, detail, type }) => (
          <>
            <i className="hue" style={{ background: typeColour(type) }} />
            <span>{label}</span>
            <small>{detail}</small>
          </>
        )}
        onPick={pick}
      />
    </Popover>
  );
}

function portsOf(studio: Studio, node: string): PortEntry[] {
  const card = cardOf(studio.document.getState().document, studio.catalog.getState().catalog, node);
  return [
    ...connectableInputs(card).map(({ key, label, type, edge }): PortEntry => ({
      node,
      port: key,
      type,
      side: "input",
      label,
      words: type,
      detail: edge === undefined ? `takes ${type}` : "has a wire",
    })),
    ...card.outputs.map(({ key, label, type }): PortEntry => ({
      node,
      port: key,
      type,
      side: "output",
      label,
      words: type,
      detail: `gives ${type}`,
    })),
  ];
}

function partnersOf(studio: Studio, from: PortEntry): PortEntry[] {
  const { document } = studio.document.getState();
  const { catalog } = studio.catalog.getState();
  const fits = portsThatFit(studio, from.node, from.port, from.side === "output" ? "fromOutput" : "fromInput");
  const off: PortEntry = { ...from, label: "No wire", words: "disconnect nothing take off", detail: "takes off what is there" };
  const has = from.side === "input" && wireTo(studio, from) !== undefined;
  const partners = Object.keys(document.nodes).flatMap((node) => {
    const card = cardOf(document, catalog, node);
    return portsOf(studio, node)
      .filter(({ side, port }) => side !== from.side && fits(node, port))
      .map((entry): PortEntry => ({ ...entry, label: `${card.title}: ${entry.label}`, words: `${entry.type} ${node}` }));
  });
  return has ? [...partners, off] : partners;
}

function wireTo({ document }: Studio, { node, port }: PortEntry): string | undefined {
  return edgeInto(document.getState().document, node, port);
}

function takeOff(studio: Studio, input: PortEntry): void {
  const { document, apply } = studio.document.getState();
  const edge = wireTo(studio, input);
  if (edge !== undefined) apply(disconnect(edge, document), { label: "Disconnect" });
}
