import { useMemo, useSyncExternalStore } from "react";
import { useStudio, type Studio } from "../session/studio.js";
import type { FlowArrays } from "./flowModel.js";

/** React Flow's arrays, new only when something of them is. */
export function useFlowArrays(): FlowArrays {
  const studio = useStudio();
  const source = useMemo(() => flowSource(studio), [studio]);
  return useSyncExternalStore(source.subscribe, source.snapshot);
}

function flowSource({ document, catalog, view, run, flow }: Studio): {
  readonly subscribe: (changed: () => void) => () => void;
  readonly snapshot: () => FlowArrays;
} {
  let inputs: readonly unknown[] = [];
  let arrays: FlowArrays = { nodes: [], edges: [] };
  const snapshot = (): FlowArrays => {
    const now = [
      document.getState().document,
      catalog.getState().catalog,
      view.getState().selection,
      view.getState().drag,
      run.getState().pictures,
    ];
    if (now.some((input, at) => input !== inputs[at])) {
      inputs = now;
      arrays = flow.arrays({
        document: document.getState().document,
        catalog: catalog.getState().catalog,
        view: view.getState(),
        pictures: run.getState().pictures,
      });
    }
    return arrays;
  };
  const subscribe = (changed: () => void): (() => void) => {
    const ends = [document.subscribe(changed), catalog.subscribe(changed), view.subscribe(changed), run.subscribe(changed)];
    return () => ends.forEach((end) => end());
  };
  return { subscribe, snapshot };
}
