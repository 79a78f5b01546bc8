import { canvasCentre, canvasPoint } from "../canvas/canvasPoint.js";
import { resultDragType } from "../panels/ResultTile.js";
import type { Point } from "../view/viewStore.js";
import { cardOf } from "../document/cardLayout.js";
import { takeFiles } from "./files.js";
import { openJob } from "./openGraphs.js";
import type { Studio } from "./studio.js";
import { uploadPicture } from "./uploads.js";

/** Takes what is dropped on, or pasted into, the window; returns what ends it. */
export function listenToDrops(studio: Studio, paste: (text: string) => boolean): () => void {
  const { view, canvas } = studio;
  let inside = 0;
  const holds = (event: DragEvent): boolean =>
    event.dataTransfer?.types.some((type) => type === "Files" || type === resultDragType) ?? false;
  const enter = (event: DragEvent): void => {
    if (!holds(event)) return;
    inside++;
    view.setState({ dropping: true });
  };
  const leave = (): void => {
    inside = Math.max(0, inside - 1);
    if (inside === 0) view.setState({ dropping: false });
  };
  const over = (event: DragEvent): void => {
    if (holds(event)) event.preventDefault();
  };
  const drop = (event: DragEvent): void => {
    inside = 0;
    view.setState({ dropping: false });
    const { dataTransfer } = event;
    if (!dataTransfer || !holds(event)) return;
    event.preventDefault();
    const result = dataTransfer.getData(resultDragType);
    if (result !== "") {
      const { job, title } = JSON.parse(result) as { readonly job: string; readonly title: string };
      void openJob(studio, job, title);
      return;
    }
    void take(studio, [...dataTransfer.files], event.target, canvasPoint(canvas, [event.clientX, event.clientY]));
  };
  const pasted = (event: ClipboardEvent): void => {
    const { target, clipboardData } = event;
    if (!clipboardData || (target instanceof HTMLElement && target.matches("input, textarea"))) return;
    const files = [...clipboardData.files];
    if (files.length > 0) {
      event.preventDefault();
      const { nodes } = view.getState().selection;
      const [selected] = nodes;
      const element = nodes.size === 1 ? document.querySelector(`[data-node="${CSS.escape(selected ?? "")}"]`) : null;
      void take(studio, files, element, canvasCentre(canvas));
      return;
    }
    const text = clipboardData.getData("text/plain");
    if (text.trimStart().startsWith("{") && paste(text)) event.preventDefault();
  };
  addEventListener("dragenter", enter);
  addEventListener("dragleave", leave);
  addEventListener("dragover", over);
  addEventListener("drop", drop);
  addEventListener("paste", pasted);
  return () => {
    removeEventListener("dragenter", enter);
    removeEventListener("dragleave", leave);
    removeEventListener("dragover", over);
    removeEventListener("drop", drop);
    removeEventListener("paste", pasted);
  };
}

/** A picture on a card that loads one goes into it; everything else is the canvas's. */
async function take(studio: Studio, files: readonly File[], target: EventTarget | null, position: Point): Promise<void> {
  const id = target instanceof Element ? target.closest<HTMLElement>("[data-node]")?.dataset["node"] : undefined;
  const [file] = files;
  if (id !== undefined && file?.type.startsWith("image/")) {
    const { document, apply } = studio.document.getState();
    const field = cardOf(document, studio.catalog.getState().catalog, id).fields.find(({ schema }) => schema.upload === "image");
    if (field) {
      const name = await uploadPicture(studio.view, file);
      if (name !== undefined) apply([{ kind: "setInput", node: id, name: field.key, value: name }], { label: "Bring in a picture" });
      return;
    }
  }
  await takeFiles(studio, files, position);
}
