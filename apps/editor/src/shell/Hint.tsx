import { useState, useEffect, type JSX } from "react";
import { useRun } from "../session/studio.js";

const key = "patchbay.hinted";

/** One line for the first time; gone after the first run. */
export function Hint(): JSX.Element | null {
  const [hidden, setHidden] = useState(() => localStorage.getItem(key) !== null);
  const ran = useRun(({ queue }) => queue.length > 0);
  useEffect(() => {
    if (!ran) return;
    localStorage.setItem(key, "1");
    setHidden(true);
  }, [ran]);
  if (hidden) return null;
  return <p className="hint">Change the words, then press Run.</p>;
}
