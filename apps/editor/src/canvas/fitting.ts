import type { FitViewOptions } from "@xyflow/react";
import type { Studio } from "../session/studio.js";

/** Leaves room for the bar's hint, the rail, and the strip of results. */
export const fitEverything: FitViewOptions = {
  padding: { top: "56px", left: "72px", right: "32px", bottom: "128px" },
  maxZoom: 1.25,
};

/** Shows everything, once what was opened is drawn. */
export function fitSoon({ canvas }: Pick<Studio, "canvas">): void {
  requestAnimationFrame(() => void canvas.current?.fitView(fitEverything));
}
