import { fitSoon } from "../canvas/fitting.js";
import { exportGraph, openGraphFile } from "../document/openGraph.js";
import { addNodeOf } from "../document/graphEdits/addNodeOf.js";
import { emptySelection, messageOf, select, toast, toastError, type Point } from "../view/viewStore.js";
import { needKnownNodes } from "./catalog.js";
import type { Studio } from "./studio.js";
import { uploadPicture } from "./uploads.js";

/** Opens a graph from what a file holds, as one step that can be undone; says what was mended, or why it can't be opened. */
export async function openGraph(studio: Studio, file: string | Uint8Array, fileName: string): Promise<boolean> {
  const { document, view } = studio;
  try {
    const { document: opened, warnings } = openGraphFile(file, await needKnownNodes(studio), { fileName });
    document.getState().apply([{ kind: "replaceDocument", document: opened }], { label: `Open ${fileName}` });
    view.setState({ selection: emptySelection });
    fitSoon(studio);
    if (warnings.length > 0)
      toast(view, `Opened ${fileName}. ${warnings[0]!.message}${warnings.length > 1 ? ` And ${warnings.length - 1} more.` : ""}`);
    return true;
  } catch (error) {
    toast(view, `${fileName} can't be opened. ${messageOf(error)}`, { tone: "error" });
    return false;
  }
}

/** Takes dropped or pasted files: a graph, or a picture that carries one, is opened; a picture without becomes a Load Image card. */
export async function takeFiles(studio: Studio, files: readonly File[], position: Point): Promise<void> {
  const [first] = files;
  if (!first) return;
  const bytes = new Uint8Array(await first.arrayBuffer());
  if (/\.json$/i.test(first.name) || first.type === "application/json" || carriesGraph(bytes)) {
    await openGraph(studio, bytes, first.name);
    return;
  }
  let [x, y] = position;
  for (const file of files) {
    if (!file.type.startsWith("image/")) {
      toast(studio.view, `${file.name} is neither a picture nor a graph.`, { tone: "error" });
      continue;
    }
    const name = await uploadPicture(studio.view, file);
    if (name === undefined) continue;
    addPicture(studio, name, [x, y]);
    x += 40;
    y += 40;
  }
}

/** A PNG with a text chunk of a graph. */
function carriesGraph(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x89 || bytes[1] !== 0x50) return false;
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 1 << 20));
  return /(tEXt|iTXt|zTXt)(workflow|prompt)\0/.test(text);
}

function addPicture({ document, catalog, view }: Studio, name: string, [x, y]: Point): void {
  const operations = addNodeOf(document.getState().document, catalog.getState().catalog, "LoadImage", [Math.round(x), Math.round(y)]);
  const [added] = operations;
  if (added?.kind !== "addNode") return;
  document.getState().apply([...operations, { kind: "setInput", node: added.id, name: "image", value: name }], { label: "Add a picture" });
  select(view, { nodes: [added.id] });
}

/** Asks for a file and opens it. */
export function openFiles(studio: Studio): void {
  const input = globalThis.document.createElement("input");
  input.type = "file";
  input.accept = ".json,.png,application/json,image/png";
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void file.arrayBuffer().then((buffer) => openGraph(studio, new Uint8Array(buffer), file.name));
  });
  input.click();
}

/** Saves the graph as a file of the user's. */
export function saveGraph({ document, catalog, view }: Studio, format: "document" | "workflow" | "prompt"): void {
  try {
    const { fileName, text } = exportGraph(document.getState().document, catalog.getState().catalog, format);
    download(new Blob([text], { type: "application/json" }), fileName);
  } catch (error) {
    toastError(view, error);
  }
}

/** Hands a file to the browser's downloads. */
export function download(content: Blob | string, fileName: string): void {
  const url = typeof content === "string" ? content : URL.createObjectURL(content);
  const link = globalThis.document.createElement("a");
  link.href = url;
  link.download = fileName;
  link.click();
  if (typeof content !== "string") setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
