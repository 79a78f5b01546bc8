import type { JSX } from "react";
import { formatSeconds } from "../card/formatSeconds.js";
import { cardOf } from "../document/cardLayout.js";
import { useCatalog, useDocument, useRun, useView } from "../session/studio.js";
import { socketShape, typeColour } from "../theme/typeColour.js";

/** What the selected card is, takes and gives, and how its last run went. */
export function Inspector(): JSX.Element {
  const ids = useView(({ selection }) => selection.nodes);
  const [id] = ids;
  return (
    <aside className="panel inspector" aria-label="Inspector">
      {ids.size === 1 && id !== undefined ? (
        <CardDetails id={id} />
      ) : (
        <p className="panel-empty">{ids.size > 1 ? `${ids.size} cards are selected.` : "Select a card to see what it does."}</p>
      )}
    </aside>
  );
}

function CardDetails({ id }: { readonly id: string }): JSX.Element | null {
  const catalog = useCatalog((state) => state.catalog);
  const card = useDocument(({ document }) => (document.nodes[id] ? cardOf(document, catalog, id) : undefined));
  const type = useDocument(({ document }) => document.nodes[id]?.type);
  const state = useRun(({ nodes }) => nodes[id]);
  if (!card) return null;
  const info = card.schema?.info;
  return (
    <>
      <header>
        <h2>{card.title}</h2>
      </header>
      <div className="panel-body">
        <p className="inspector-type">
          {type} · #{id}
        </p>
        {info?.description && <p>{info.description}</p>}
        <PortList title="Takes" ports={[...card.sockets, ...card.fields]} />
        <PortList title="Gives" ports={card.outputs} />
        {state && (
          <p className="inspector-timing">
            {state.state === "cached"
              ? "Known from a run before"
              : state.seconds === null
                ? state.state
                : `Took ${formatSeconds(state.seconds)}`}
          </p>
        )}
      </div>
    </>
  );
}

function PortList({
  title,
  ports,
}: {
  readonly title: string;
  readonly ports: readonly { readonly key: string; readonly label: string; readonly type: string }[];
}): JSX.Element | null {
  if (ports.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="port-list">
        {ports.map(({ key, label, type }) => (
          <li key={key}>
            <i className={`port ${socketShape(type)}`} style={{ background: typeColour(type) }} />
            <span>{label}</span>
            <small>{type === "*" ? "anything" : type}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
