import { useStoreApi } from "@xyflow/react";
import { useEffect, useSyncExternalStore } from "react";
import { useStudio, type Studio } from "../session/studio.js";
import type { FlowArrays, FlowEdge } from "./flowModel.js";

interface FlowSource {
  readonly subscribe: (changed: () => void) => () => void;
  readonly snapshot: () => FlowArrays;
}

const noEdges: FlowEdge[] = [];

/**
 * Hands React Flow its nodes and edges. They go straight into its store rather than by its properties: a drag then draws what moves and nothing
 * else. Wires that are too small to be seen are left out.
 */
export function useFlowFeed(withEdges: boolean): void {
  const source = useFlowSource();
  const flow = useStoreApi();
  useEffect(() => {
    let fed: Partial<FlowArrays> = {};
    const feed = (): void => {
      const { nodes, edges } = source.snapshot();
      const shown = withEdges ? edges : noEdges;
      if (nodes !== fed.nodes) flow.getState().setNodes(nodes);
      if (shown !== fed.edges) flow.getState().setEdges(shown);
      fed = { nodes, edges: shown };
    };
    feed();
    return source.subscribe(feed);
  }, [source, flow, withEdges]);
}

/** The arrays, for what draws them by itself. */
export function useFlowArrays(): FlowArrays {
  const source = useFlowSource();
  return useSyncExternalStore(source.subscribe, source.snapshot);
}

const sources = new WeakMap<Studio, FlowSource>();

/** One for all of a studio's window. */
function useFlowSource(): FlowSource {
  const studio = useStudio();
  let source = sources.get(studio);
  if (!source) sources.set(studio, (source = flowSource(studio)));
  return source;
}

function flowSource({ document, catalog, view, run, flow }: Studio): FlowSource {
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
