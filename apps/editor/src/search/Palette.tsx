import { Check } from "lucide-react";
import { useCallback, useEffect, useMemo, useState, type JSX } from "react";
import { commands } from "../commands/commands.js";
import { keysOf, readOwnKeys } from "../commands/keyBindings.js";
import { readableKey } from "../commands/keys.js";
import { runCommand } from "../commands/useKeys.js";
import { cardOf } from "../document/cardLayout.js";
import { showNode } from "../run/queueRun.js";
import type { DraftSummary } from "../document/draftStorage.js";
import { useStudio, useView } from "../session/studio.js";
import { categoryHue } from "../theme/typeColour.js";
import { Popover } from "../shell/Popover.js";
import { PickList } from "./PickList.js";

const width = 480;
const labels = { commands: "Commands", nodes: "Cards of the graph", drafts: "Graphs from before" } as const;

/** Every command by name, every card of the graph by its title and what it holds, or every graph that was open before. */
export function Palette(): JSX.Element | null {
  const { view } = useStudio();
  const palette = useView((state) => state.palette);
  const close = useCallback(() => view.setState({ palette: null }), [view]);
  const anchor = useMemo(() => ({ x: (innerWidth - width) / 2, top: 96, bottom: 96 }), []);
  if (!palette) return null;
  return (
    <Popover anchor={anchor} width={width} label={labels[palette]} onClose={close}>
      {palette === "commands" && <CommandList close={close} />}
      {palette === "nodes" && <CardList close={close} />}
      {palette === "drafts" && <DraftList close={close} />}
    </Popover>
  );
}

function CommandList({ close }: { readonly close: () => void }): JSX.Element {
  const studio = useStudio();
  const own = readOwnKeys();
  const entries = useMemo(
    () =>
      commands
        .filter((command) => command.id !== "palette" && (command.enabled?.(studio) ?? true))
        .map((command) => ({ ...command, words: [command.group, command.choice?.help ?? ""].join(" ") })),
    [studio],
  );
  return (
    <PickList
      entries={entries}
      placeholder="Find a command"
      empty="No command by that name."
      keyOf={({ id }) => id}
      render={(command) => (
        <>
          <span>{command.label}</span>
          <small>{command.choice?.help ?? command.group}</small>
          {command.choice?.chosen(studio) && <Check className="pick-check" role="img" aria-label="chosen" />}
          {keysOf(command, own)[0] !== undefined && <kbd>{readableKey(keysOf(command, own)[0]!)}</kbd>}
        </>
      )}
      onPick={(command) => {
        close();
        runCommand(studio, command);
      }}
    />
  );
}

function CardList({ close }: { readonly close: () => void }): JSX.Element {
  const studio = useStudio();
  const entries = useMemo(() => {
    const { document } = studio.document.getState();
    const { catalog } = studio.catalog.getState();
    return Object.entries(document.nodes).map(([id, node]) => {
      const card = cardOf(document, catalog, id);
      const values = Object.values(node.inputs).map((value) => (typeof value === "object" ? "" : String(value)));
      return {
        id,
        label: card.title,
        words: [node.type, id, ...values].join(" "),
        detail: values.join(" · ").slice(0, 80),
        category: card.schema?.info.category ?? "",
      };
    });
  }, [studio]);
  return (
    <PickList
      entries={entries}
      placeholder="Find a card, by its name or what it holds"
      empty="No such card in this graph."
      keyOf={({ id }) => id}
      render={({ label, detail, category }) => (
        <>
          <i className="hue" style={{ background: categoryHue(category) }} />
          <span>{label}</span>
          <small>{detail}</small>
        </>
      )}
      onPick={({ id }) => {
        close();
        showNode(studio, id);
      }}
    />
  );
}

function DraftList({ close }: { readonly close: () => void }): JSX.Element {
  const { drafts } = useStudio();
  const [known, setKnown] = useState<readonly DraftSummary[]>([]);
  useEffect(() => {
    let current = true;
    void drafts.current?.list().then((list) => current && setKnown(list));
    return () => {
      current = false;
    };
  }, [drafts]);
  const entries = useMemo(
    () => known.map((draft) => ({ ...draft, label: draft.title === "" ? "Untitled" : draft.title, words: "" })),
    [known],
  );
  return (
    <PickList
      entries={entries}
      placeholder="Find a graph that was open before"
      empty="None yet. Every graph that you edit is kept here."
      keyOf={({ id }) => id}
      render={({ label, savedAt }) => (
        <>
          <span>{label}</span>
          <small>{new Date(savedAt).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}</small>
        </>
      )}
      onPick={({ id }) => {
        close();
        void drafts.current?.open(id);
      }}
    />
  );
}
