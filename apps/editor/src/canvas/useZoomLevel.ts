import { useStore } from "@xyflow/react";

/** Below this zoom cards are drawn by the canvas layer, as blocks. */
export const farZoom = 0.35;

/** Whether cards are too small to be read. */
export function useFarAway(): boolean {
  return useStore(({ transform }) => transform[2] < farZoom);
}
