import type { Catalog } from "@patchbay/graph";
import { useCallback, useMemo, type JSX } from "react";
import { placeByPort } from "../card/placeByPort.js";
import { addNodeOf } from "../document/graphEdits/addNodeOf.js";
import { connect } from "../document/graphEdits/connect.js";
import { applyOperations } from "../document/operation.js";
import { nodesThatFit } from "../document/graphEdits/nodesThatFit.js";
import { useCatalog, useStudio, useView } from "../session/studio.js";
import { categoryHue, typeColour } from "../theme/typeColour.js";
import { Popover } from "../shell/Popover.js";
import { select, type AddRequest } from "../view/viewStore.js";
import { PickList } from "./PickList.js";
import type { Searchable } from "./rankMatches.js";
import { recentNodes, rememberNode } from "./recentNodes.js";

interface NodeEntry extends Searchable {
  readonly type: string;
  readonly category: string;
  /** The port that a dropped wire will go to. */
  readonly port: string | null;
}

/** Kinds that exist only in graphs, and never run. */
const virtual: readonly NodeEntry[] = [
  { type: "Note", label: "Note", words: "comment text words", category: "", port: null },
  { type: "Reroute", label: "Reroute", words: "dot wire junction", category: "", port: "" },
];

/** Finds a node by name, other words or intent, and puts it where it was asked for. */
export function AddSearch(): JSX.Element | null {
  const request = useView((state) => state.add);
  return request && <OpenSearch key={request.at.join()} request={request} />;
}

function OpenSearch({ request }: { readonly request: AddRequest }): JSX.Element {
  const studio = useStudio();
  const catalog = useCatalog((state) => state.catalog);
  const here = useCatalog((state) => state.here);
  const entries = useMemo(() => nodeEntries(here, request.wire), [here, request]);
  const close = useCallback(() => studio.view.setState({ add: null }), [studio]);
  const anchor = useMemo(() => ({ x: request.at[0], top: request.at[1], bottom: request.at[1] }), [request]);

  const add = ({ type, port }: NodeEntry): void => {
    close();
    rememberNode(type);
    const { document, apply } = studio.document.getState();
    const [x, y] = request.position;
    const operations = [...addNodeOf(document, catalog, type, [Math.round(x), Math.round(y)])];
    const [added] = operations;
    if (added?.kind !== "addNode") return;
    if (request.wire && port !== null) {
      const { node, port: from, direction } = request.wire;
      const after = applyOperations(document, operations).document;
      const side = direction === "fromOutput" ? "input" : "output";
      operations[0] = { ...added, node: { ...added.node, position: placeByPort(after, catalog, added.id, { key: port, side }, [x, y]) } };
      operations.push(
        ...(direction === "fromOutput"
          ? connect(after, catalog, { node, output: from }, { node: added.id, input: port })
          : connect(after, catalog, { node: added.id, output: port }, { node, input: from })),
      );
    }
    apply(operations, { label: "Add a card" });
    select(studio.view, { nodes: [added.id] });
  };

  return (
    <Popover anchor={anchor} width={360} label="Add a card" onClose={close}>
      {request.wire && (
        <p className="pick-note">
          Cards that {request.wire.direction === "fromOutput" ? "take" : "give"}{" "}
          <b style={{ color: typeColour(request.wire.type) }}>{request.wire.type}</b>
        </p>
      )}
      <PickList
        entries={entries}
        placeholder="Add a card"
        empty="No card by that name. Try what it should do, such as “upscale”."
        keyOf={({ type }) => type}
        render={({ label, category }) => (
          <>
            <i className="hue" style={{ background: categoryHue(category) }} />
            <span>{label}</span>
            <small>{category}</small>
          </>
        )}
        onPick={add}
      />
    </Popover>
  );
}

function nodeEntries(catalog: Catalog, wire: AddRequest["wire"]): readonly NodeEntry[] {
  const recent = recentNodes();
  const entry = (type: string, port: string | null): NodeEntry | undefined => {
    const known = virtual.find((kind) => kind.type === type);
    if (known) return { ...known, port: known.type === "Reroute" ? port : null };
    const info = catalog[type];
    if (!info || info.deprecated) return undefined;
    const words = [type, info.category.replaceAll("/", " "), ...(info.search_aliases ?? []), info.description].join(" ");
    return {
      type,
      label: info.display_name,
      words,
      category: info.category,
      port,
      boost: Math.max(0, 8 - recent.indexOf(type)) * (recent.includes(type) ? 1 : 0),
    };
  };
  if (!wire) return [...Object.keys(catalog), ...virtual.map(({ type }) => type)].flatMap((type) => entry(type, null) ?? []);
  const direction = wire.direction === "fromOutput" ? "input" : "output";
  return nodesThatFit(catalog, { type: wire.type, direction }).flatMap(({ type, port }) => entry(type, port) ?? []);
}
