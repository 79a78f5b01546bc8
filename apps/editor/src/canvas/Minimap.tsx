import { useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef, type JSX, type PointerEvent } from "react";
import { useRun, useStudio, useView } from "../session/studio.js";
import { categoryToken } from "../theme/typeColour.js";
import type { RunState } from "../run/runStore.js";
import type { FlowArrays } from "./flowModel.js";
import { useFlowArrays } from "./useFlowArrays.js";
import { readOnce } from "./readOnce.js";
import { mapOf, paintMinimap, type GraphMap } from "./paintMinimap.js";

const size = { width: 192, height: 136 };

/** The whole graph in small: what is seen of it, what runs and what failed. Pressing moves the view there. */
export function Minimap(): JSX.Element {
  const arrays = useFlowArrays();
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const { document: store, catalog, canvas: view } = useStudio();
  const theme = useView((state) => state.theme);
  const drawn = useRef<{ arrays: FlowArrays; map: GraphMap; states: RunState["nodes"] }>(null);
  const states = useRun((state) => state.nodes);
  const map = useMemo(() => mapOf(arrays.nodes, size), [arrays]);
  /** What the pointer works on stays as it was pressed, or the map would slip away under it. */
  const held = useRef<GraphMap | null>(null);

  drawn.current = { arrays, map, states };
  const schedule = useRef<(() => void) | null>(null);
  useEffect(() => schedule.current?.(), [arrays, states]);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      if (!drawn.current) return;
      element.width = size.width * devicePixelRatio;
      element.height = size.height * devicePixelRatio;
      const { transform, width, height } = flow.getState();
      const colour = readOnce(getComputedStyle(element));
      const { nodes, frames } = store.getState().document;
      const kinds = catalog.getState().catalog;
      paintMinimap(context, drawn.current.arrays.nodes, {
        map: held.current ?? drawn.current.map,
        transform,
        view: { width, height },
        ratio: devicePixelRatio,
        colour,
        hueOf: (id) => colour(categoryToken(kinds[nodes[id]?.type ?? ""]?.category ?? "")),
        frameHueOf: (id) => frames[id]?.color,
        stateOf: (id) => drawn.current?.states[id]?.state,
      });
    };
    // Some times a second are enough; what one drags comes first.
    schedule.current = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        draw();
      }, 80);
    };
    schedule.current();
    const end = flow.subscribe((state, before) => {
      if (state.transform !== before.transform || state.width !== before.width || state.height !== before.height) schedule.current?.();
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [flow, store, catalog, theme]);

  const go = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (!held.current) return;
    const box = event.currentTarget.getBoundingClientRect();
    const { left, top, scale } = held.current;
    const zoom = view.current?.getZoom() ?? 1;
    void view.current?.setCenter(left + (event.clientX - box.left) / scale, top + (event.clientY - box.top) / scale, { zoom });
  };
  return (
    <canvas
      ref={canvas}
      className="minimap"
      role="img"
      aria-label="Map of the graph"
      style={size}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        held.current = map;
        go(event);
      }}
      onPointerMove={go}
      onPointerUp={() => {
        held.current = null;
      }}
      onPointerCancel={() => {
        held.current = null;
      }}
    />
  );
}
