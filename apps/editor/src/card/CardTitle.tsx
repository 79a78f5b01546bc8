import { useRef, type JSX } from "react";
import { useStudio, useView } from "../session/studio.js";

/** A card's title; a double-click, or F2, renames it. */
export function CardTitle({ id, title }: { readonly id: string; readonly title: string }): JSX.Element {
  const { view, document } = useStudio();
  const renaming = useView((state) => state.renaming === id);
  const ended = useRef(false);
  if (!renaming)
    return (
      <span className="card-title" title={title} onDoubleClick={() => view.setState({ renaming: id })}>
        {title}
      </span>
    );
  const end = (text: string | null): void => {
    if (ended.current) return;
    ended.current = true;
    view.setState({ renaming: null });
    const clean = text?.trim();
    if (clean !== undefined && clean !== title) {
      document.getState().apply([{ kind: "setTitle", node: id, ...(clean !== "" && { title: clean }) }], { label: "Rename" });
    }
  };
  return (
    <input
      className="card-title-input nodrag"
      aria-label="Title"
      defaultValue={title}
      autoFocus
      onFocus={(event) => {
        ended.current = false;
        event.currentTarget.select();
      }}
      onBlur={(event) => end(event.currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === "Enter") end(event.currentTarget.value);
        else if (event.key === "Escape") end(null);
      }}
    />
  );
}
