import { emptyDocument } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import { createStore } from "zustand/vanilla";
import type { StoreApi } from "zustand/vanilla";
import { compactOperations, estimateBytes } from "./history.js";
import { applyOperations } from "./operation.js";
import type { Operation } from "./operationTypes.js";

/** A change that can be taken back, or done again. */
export interface HistoryEntry {
  /** What was done, for the menu: "Move 3 nodes". */
  readonly label: string;
  /** What takes it back (on the redo stack: what does it again). */
  readonly operations: readonly Operation[];
  /** About how much memory the operations hold. */
  readonly bytes: number;
}

export interface ChangeOptions {
  readonly label: string;
  /** Changes of the same key that follow each other quickly become one history entry: "prompt 6.text", "drag". */
  readonly mergeKey?: string | undefined;
}

export interface DocumentState {
  readonly document: GraphDocument;
  /** Grows with each change of the document. */
  readonly revision: number;
  /** Grows when another graph takes the document's place: by `reset`, or by a `replaceDocument` done, undone or redone. */
  readonly opened: number;
  /** Oldest first; the last entry is the next to be undone. */
  readonly undoStack: readonly HistoryEntry[];
  /** The last entry is the next to be redone. */
  readonly redoStack: readonly HistoryEntry[];
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  readonly undoLabel: string | undefined;
  readonly redoLabel: string | undefined;
  /** Does all operations, as one history entry, or none when one does not fit: then it throws as `applyOperations` does. */
  readonly apply: (operations: readonly Operation[], options: ChangeOptions) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Puts another document in place and forgets the history. */
  readonly reset: (document: GraphDocument) => void;
}

export type DocumentStore = StoreApi<DocumentState>;

export interface DocumentStoreOptions {
  /** Milliseconds, for the merging of changes. */
  readonly now?: () => number;
  /** The longest pause between two changes that merge, in milliseconds. */
  readonly mergeWithinMs?: number;
  /** The most that undo may hold, and redo likewise, in estimated bytes; the furthest entries go first, the nearest always stays. */
  readonly maxHistoryBytes?: number;
}

const defaultMergeWithinMs = 600;
const defaultMaxHistoryBytes = 64 * 1024 * 1024;

/**
 * The document of the editor and its history: a store that only typed operations change. Undo and redo are unlimited in depth, bounded by
 * memory. Operations that change nothing leave the state, and so the redo stack, as it is.
 */
export function createDocumentStore(initial: GraphDocument = emptyDocument(), options: DocumentStoreOptions = {}): DocumentStore {
  const now = options.now ?? (() => performance.now());
  const mergeWithin = options.mergeWithinMs ?? defaultMergeWithinMs;
  const maxBytes = options.maxHistoryBytes ?? defaultMaxHistoryBytes;
  let lastMerge: { readonly key: string; readonly at: number } | undefined;

  return createStore<DocumentState>()((set, get) => {
    const commit = (document: GraphDocument, opens: boolean, undo: readonly HistoryEntry[], redo: readonly HistoryEntry[]): void => {
      const { revision, opened } = get();
      const [undoStack, redoStack] = [bounded(undo, maxBytes), bounded(redo, maxBytes)];
      set({
        document,
        revision: revision + 1,
        opened: opened + (opens ? 1 : 0),
        undoStack,
        redoStack,
        canUndo: undoStack.length > 0,
        canRedo: redoStack.length > 0,
        undoLabel: undoStack.at(-1)?.label,
        redoLabel: redoStack.at(-1)?.label,
      });
    };
    const travel = (from: "undoStack" | "redoStack"): void => {
      const state = get();
      const entry = state[from].at(-1);
      if (!entry) return;
      lastMerge = undefined;
      const { document, inverse } = applyOperations(state.document, entry.operations);
      const left = state[from].slice(0, -1);
      const gained = [...state[from === "undoStack" ? "redoStack" : "undoStack"], historyEntry(entry.label, inverse)];
      const opens = opensGraph(entry.operations);
      if (from === "undoStack") commit(document, opens, left, gained);
      else commit(document, opens, gained, left);
    };
    return {
      document: initial,
      revision: 0,
      opened: 0,
      undoStack: [],
      redoStack: [],
      canUndo: false,
      canRedo: false,
      undoLabel: undefined,
      redoLabel: undefined,
      apply(operations, { label, mergeKey }) {
        const state = get();
        const { document, inverse } = applyOperations(state.document, operations);
        if (inverse.length === 0) return;
        const at = now();
        const previous = state.undoStack.at(-1);
        const merges = mergeKey !== undefined && lastMerge?.key === mergeKey && at - lastMerge.at <= mergeWithin && previous !== undefined;
        lastMerge = mergeKey === undefined ? undefined : { key: mergeKey, at };
        const stack = merges
          ? [...state.undoStack.slice(0, -1), historyEntry(label, compactOperations([...inverse, ...previous.operations]))]
          : [...state.undoStack, historyEntry(label, inverse)];
        commit(document, opensGraph(operations), stack, []);
      },
      undo: () => travel("undoStack"),
      redo: () => travel("redoStack"),
      reset(document) {
        lastMerge = undefined;
        commit(document, true, [], []);
      },
    };
  });
}

function historyEntry(label: string, operations: readonly Operation[]): HistoryEntry {
  return { label, operations, bytes: estimateBytes(operations) };
}

function opensGraph(operations: readonly Operation[]): boolean {
  return operations.some(({ kind }) => kind === "replaceDocument");
}

/** The newest entries that fit together, at least one. */
function bounded(stack: readonly HistoryEntry[], maxBytes: number): readonly HistoryEntry[] {
  let bytes = 0;
  for (let i = stack.length - 1; i >= 0; i--) {
    bytes += (stack[i] as HistoryEntry).bytes;
    if (bytes > maxBytes && i < stack.length - 1) return stack.slice(i + 1);
  }
  return stack;
}
