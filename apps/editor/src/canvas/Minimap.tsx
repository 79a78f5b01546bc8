import { useStoreApi } from "@xyflow/react";
import { useEffect, useMemo, useRef, type JSX, type PointerEvent } from "react";
import { useRun, useStudio, useView } from "../session/studio.js";
import { categoryToken } from "../theme/typeColour.js";
import { useFlowArrays } from "./useFlowArrays.js";
import { mapOf, paintMinimap, type GraphMap } from "./paintMinimap.js";

const size = { width: 192, height: 136 };

/** The whole graph in small: what is seen of it, what runs and what failed. Pressing moves the view there. */
export function Minimap(): JSX.Element {
  const arrays = useFlowArrays();
  const canvas = useRef<HTMLCanvasElement>(null);
  const flow = useStoreApi();
  const { document: store, catalog, canvas: view } = useStudio();
  const theme = useView((state) => state.theme);
  const states = useRun((state) => state.nodes);
  const map = useMemo(() => mapOf(arrays.nodes, size), [arrays]);
  /** What the pointer works on stays as it was pressed, or the map would slip away under it. */
  const held = useRef<GraphMap | null>(null);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const draw = (): void => {
      element.width = size.width * devicePixelRatio;
      element.height = size.height * devicePixelRatio;
      const { transform, width, height } = flow.getState();
      const style = getComputedStyle(element);
      const { nodes, frames } = store.getState().document;
      paintMinimap(context, arrays.nodes, {
        map: held.current ?? map,
        transform,
        view: { width, height },
        ratio: devicePixelRatio,
        colour: (token) => style.getPropertyValue(token),
        hueOf: (id) => style.getPropertyValue(categoryToken(catalog.getState().catalog[nodes[id]?.type ?? ""]?.category ?? "")),
        frameHueOf: (id) => frames[id]?.color,
        stateOf: (id) => states[id]?.state,
      });
    };
    // Some times a second are enough; what one drags comes first.
    const schedule = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        draw();
      }, 60);
    };
    schedule();
    const end = flow.subscribe((state, before) => {
      if (state.transform !== before.transform || state.width !== before.width || state.height !== before.height) schedule();
    });
    return () => {
      end();
      clearTimeout(timer);
    };
  }, [arrays, map, flow, store, catalog, theme, states]);

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
