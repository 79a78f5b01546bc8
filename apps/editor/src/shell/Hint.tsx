import { useState, useEffect, type JSX } from "react";
import { useDocument, useRun } from "../session/studio.js";

const key = "patchbay.hinted";

/** One line for the first time, gone after the first run; and one for an empty canvas. */
export function Hint(): JSX.Element | null {
  const [hidden, setHidden] = useState(() => localStorage.getItem(key) !== null);
  const empty = useDocument(({ document }) => Object.keys(document.nodes).length === 0);
  const ran = useRun(({ queue }) => queue.length > 0);
  useEffect(() => {
    if (!ran) return;
    localStorage.setItem(key, "1");
    setHidden(true);
  }, [ran]);
  if (empty) return <p className="hint">Double-click to add a card, or drop a graph or a picture.</p>;
  if (hidden) return null;
  return <p className="hint">Change the words, then press Run.</p>;
}
