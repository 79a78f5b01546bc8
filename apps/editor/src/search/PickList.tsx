import { useId, useLayoutEffect, useMemo, useRef, useState, type JSX, type ReactNode } from "react";
import { rankMatches, type Searchable } from "./rankMatches.js";

export interface PickListProps<T extends Searchable> {
  readonly entries: readonly T[];
  readonly placeholder: string;
  /** What is said when nothing is found. */
  readonly empty: string;
  readonly keyOf: (entry: T) => string;
  readonly render: (entry: T) => ReactNode;
  readonly onPick: (entry: T) => void;
  readonly selected?: string | undefined;
}

/** Rows drawn at most: more are found by typing. */
const maxRows = 200;

/** A search field over a list of what it finds: arrows choose, Enter takes. */
export function PickList<T extends Searchable>({
  entries,
  placeholder,
  empty,
  keyOf,
  render,
  onPick,
  selected,
}: PickListProps<T>): JSX.Element {
  const [query, setQuery] = useState("");
  const found = useMemo(() => rankMatches(entries, query, maxRows), [entries, query]);
  const [at, setAt] = useState(() =>
    Math.max(
      0,
      found.findIndex((entry) => keyOf(entry) === selected),
    ),
  );
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const active = Math.min(at, found.length - 1);

  useLayoutEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active, found]);

  return (
    <div className="pick">
      <input
        className="pick-input"
        role="combobox"
        aria-expanded
        aria-controls={id}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        aria-label={placeholder}
        placeholder={placeholder}
        spellCheck={false}
        autoFocus
        value={query}
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
          if (step !== undefined) {
            event.preventDefault();
            setAt(Math.max(0, Math.min(found.length - 1, active + step)));
          } else if (event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) {
            event.preventDefault();
            const entry = found[active];
            if (entry) onPick(entry);
          }
        }}
      />
      <div ref={list} id={id} role="listbox" aria-label={placeholder} className="pick-list">
        {found.map((entry, index) => (
          <div
            key={keyOf(entry)}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className={keyOf(entry) === selected ? "pick-row current" : "pick-row"}
            onPointerMove={() => setAt(index)}
            onClick={() => onPick(entry)}
          >
            {render(entry)}
          </div>
        ))}
        {found.length === 0 && <p className="pick-empty">{empty}</p>}
      </div>
    </div>
  );
}
