import type { Precision, Result } from "@patchbay/protocol";
import { createStore, type StoreApi } from "zustand/vanilla";

export type Point = readonly [number, number];

/** What is selected, by the ids of the document. */
export interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
  readonly frames: ReadonlySet<string>;
  readonly reroutes: ReadonlySet<string>;
}

/** Where things that are being dragged are now; the document learns it when they are let go. */
export interface Drag {
  readonly nodes: Readonly<Record<string, Point>>;
  /** Left, top, width, height. */
  readonly frames: Readonly<Record<string, readonly [number, number, number, number]>>;
  readonly reroutes: Readonly<Record<string, Point>>;
  /** A card's size while its corner is pulled. */
  readonly sizes: Readonly<Record<string, Point>>;
}

/** A wire in the hand: which ports can take it. */
export interface Connecting {
  readonly node: string;
  readonly port: string;
  readonly direction: "fromOutput" | "fromInput";
  readonly type: string;
  /** Whether a port of the other side can take it. */
  readonly fits: (node: string, port: string) => boolean;
}

/** The search for a node to add. */
export interface AddRequest {
  /** Where it opens, in the window's pixels. */
  readonly at: Point;
  /** Where the node goes, in canvas units. */
  readonly position: Point;
  /** A wire that was dropped: only nodes that take it are offered, and it is connected. */
  readonly wire: {
    readonly node: string;
    readonly port: string;
    readonly direction: Connecting["direction"];
    readonly type: string;
  } | null;
}

/** A picture seen in full. */
export interface LightboxItem {
  readonly url: string;
  readonly filename: string;
  readonly width: number | null;
  readonly height: number | null;
  /** Its place in the gallery, where it has one. */
  readonly result: Result | null;
  /** The job that made it. */
  readonly job: string | null;
}

export interface Toast {
  readonly id: number;
  readonly tone: "plain" | "error";
  readonly text: string;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

export type MenuTarget =
  | { readonly kind: "node"; readonly id: string }
  | { readonly kind: "edge"; readonly id: string }
  | { readonly kind: "frame"; readonly id: string }
  | { readonly kind: "canvas"; readonly position: Point }
  | { readonly kind: "graph" }
  | { readonly kind: "run" };

export interface ViewState {
  readonly selection: Selection;
  readonly drag: Drag;
  readonly connecting: Connecting | null;
  readonly panel: "queue" | "results" | null;
  readonly strip: boolean;
  readonly inspector: boolean;
  /** Null: shown for graphs of some size. */
  readonly minimap: boolean | null;
  readonly add: AddRequest | null;
  readonly palette: "commands" | "nodes" | "drafts" | null;
  readonly shortcuts: boolean;
  /** The card whose wire is being drawn by name. */
  readonly wiring: string | null;
  readonly menu: { readonly at: Point; readonly target: MenuTarget } | null;
  readonly lightbox: { readonly items: readonly LightboxItem[]; readonly index: number } | null;
  readonly toasts: readonly Toast[];
  readonly theme: "dark" | "light";
  /** What the next runs ask to be computed with; null leaves it to the server. */
  readonly precision: Precision | null;
  /** The node whose title is being edited. */
  readonly renaming: string | null;
  /** The wire that a dragged card would be put on. */
  readonly dropEdge: string | null;
  /** Whether a file is held over the window. */
  readonly dropping: boolean;
}

export type ViewStore = StoreApi<ViewState>;

const none: ReadonlySet<string> = new Set();
export const emptySelection: Selection = { nodes: none, edges: none, frames: none, reroutes: none };
export const noDrag: Drag = { nodes: {}, frames: {}, reroutes: {}, sizes: {} };

export function createViewStore(initial: Partial<ViewState> = {}): ViewStore {
  return createStore<ViewState>(() => ({
    selection: emptySelection,
    drag: noDrag,
    connecting: null,
    panel: null,
    strip: true,
    inspector: false,
    minimap: null,
    add: null,
    palette: null,
    shortcuts: false,
    wiring: null,
    menu: null,
    lightbox: null,
    toasts: [],
    theme: "dark",
    precision: null,
    renaming: null,
    dropEdge: null,
    dropping: false,
    ...initial,
  }));
}

/** Selects these and nothing else. */
export function select(view: ViewStore, ids: Readonly<Partial<Record<keyof Selection, Iterable<string>>>>): void {
  const sets = Object.entries(ids).map(([kind, list]) => [kind, new Set(list)]);
  view.setState({ selection: { ...emptySelection, ...(Object.fromEntries(sets) as Partial<Selection>) } });
}

/** Whether there is anything in a selection. */
export function isAnySelected(selection: Selection): boolean {
  return Object.values(selection).some((ids: ReadonlySet<string>) => ids.size > 0);
}

let toasts = 0;

/** Says something in passing. Errors stay until they are put away. */
export function toast(
  view: ViewStore,
  text: string,
  options: { readonly tone?: Toast["tone"]; readonly action?: Toast["action"] } = {},
): void {
  const shown: Toast = { id: ++toasts, tone: options.tone ?? "plain", text, action: options.action ?? null };
  view.setState(({ toasts: all }) => ({ toasts: [...all.filter((other) => other.text !== text), shown].slice(-4) }));
  if (shown.tone === "plain") setTimeout(() => dismissToast(view, shown.id), shown.action ? 8000 : 4000);
}

/** Says what went wrong, until it is put away. */
export function toastError(view: ViewStore, error: unknown): void {
  toast(view, messageOf(error), { tone: "error" });
}

/** What an error says; whatever else was thrown, as it reads. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function dismissToast(view: ViewStore, id: number): void {
  view.setState(({ toasts: all }) => ({ toasts: all.filter((other) => other.id !== id) }));
}
