import { useStoreApi } from "@xyflow/react";
import { useEffect, useRef, type JSX } from "react";
import { blobUrl } from "../api/http.js";
import { categoryToken } from "../theme/typeColour.js";
import { useRun, useStudio, useView } from "../session/studio.js";
import { readOnce } from "./readOnce.js";
import { paintFar } from "./paintFar.js";
import { useFlowArrays } from "./useFlowArrays.js";
import { useFarAway } from "./useZoomLevel.js";

/** Far away, one canvas draws what cards and wires would cost too much for. */
export function FarLayer(): JSX.Element | null {
  return useFarAway() ? <FarCanvas /> : null;
}

function FarCanvas(): JSX.Element {
  const arrays = useFlowArrays();
  const canvas = useRef<HTMLCanvasElement>(null);
  const images = useRef(new Map<string, HTMLImageElement>());
  const flow = useStoreApi();
  const { document: store, catalog } = useStudio();
  const theme = useView((state) => state.theme);
  const pictures = useRun((state) => state.pictures);
  const states = useRun((state) => state.nodes);

  useEffect(() => {
    const element = canvas.current;
    const context = element?.getContext("2d");
    if (!element || !context) return undefined;
    let frame = 0;
    const draw = (): void => {
      frame = 0;
      const { transform, width, height } = flow.getState();
      const [across, down] = [Math.round(width * devicePixelRatio), Math.round(height * devicePixelRatio)];
      if (element.width !== across) element.width = across;
      if (element.height !== down) element.height = down;
      const colour = readOnce(getComputedStyle(element));
      const { nodes } = store.getState().document;
      paintFar(context, arrays, {
        transform,
        width,
        height,
        ratio: devicePixelRatio,
        colour,
        hueOf: (id) => nodes[id]?.color ?? colour(categoryToken(catalog.getState().catalog[nodes[id]?.type ?? ""]?.category ?? "")),
        frameHueOf: (id) => store.getState().document.frames[id]?.color,
        frameTitleOf: (id) => store.getState().document.frames[id]?.title ?? "",
        font: getComputedStyle(element).fontFamily,
        pictureOf: (id) => {
          const picture = pictures[id];
          const url = picture?.preview ?? (picture?.files[0] ? blobUrl(picture.files[0].hash) : null);
          return url === null ? undefined : loaded(images.current, url, schedule);
        },
        stateOf: (id) => states[id]?.state,
      });
    };
    const schedule = (): void => {
      frame ||= requestAnimationFrame(draw);
    };
    draw();
    const end = flow.subscribe((state, before) => {
      if (state.transform !== before.transform || state.width !== before.width || state.height !== before.height) schedule();
    });
    return () => {
      end();
      cancelAnimationFrame(frame);
    };
  }, [arrays, flow, store, catalog, theme, pictures, states]);

  return <canvas ref={canvas} className="far-layer" aria-hidden />;
}

/** The picture of a URL once it is there; asks for a new drawing when it comes. */
function loaded(images: Map<string, HTMLImageElement>, url: string, schedule: () => void): HTMLImageElement | undefined {
  let image = images.get(url);
  if (!image) {
    image = new Image();
    image.addEventListener("load", schedule);
    image.src = url;
    images.set(url, image);
  }
  return image.complete && image.naturalWidth > 0 ? image : undefined;
}
