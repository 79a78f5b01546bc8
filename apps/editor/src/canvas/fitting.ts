import type { FitViewOptions } from "@xyflow/react";

/** Leaves room for the bar's hint, the rail, and the strip of results. */
export const fitEverything: FitViewOptions = {
  padding: { top: "56px", left: "72px", right: "32px", bottom: "128px" },
  maxZoom: 1.25,
};
