import type { JSX } from "react";
import { useView } from "../session/studio.js";

/** Says what happens when a file that is held over the window is let go. */
export function DropVeil(): JSX.Element | null {
  return useView((state) => state.dropping) ? (
    <div className="drop-veil" aria-hidden>
      <p>Let go to open it: a graph, or a picture</p>
    </div>
  ) : null;
}
