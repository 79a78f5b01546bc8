import type { JSX } from "react";
import { useStudio, useView } from "../session/studio.js";
import { NameInput } from "../shell/NameInput.js";

/** A card's title; a double-click, or F2, renames it. */
export function CardTitle({ id, title }: { readonly id: string; readonly title: string }): JSX.Element {
  const { view, document } = useStudio();
  const renaming = useView((state) => state.renaming === id);
  if (!renaming)
    return (
      <span className="card-title" title={title} onDoubleClick={() => view.setState({ renaming: id })}>
        {title}
      </span>
    );
  const rename = (name: string | null): void => {
    view.setState({ renaming: null });
    // Without a name of its own it is called as its kind is.
    if (name !== null)
      document.getState().apply([{ kind: "setTitle", node: id, ...(name !== "" && { title: name }) }], { label: "Rename" });
  };
  return <NameInput className="card-title-input nodrag" label="Title" value={title} onEnd={rename} />;
}
