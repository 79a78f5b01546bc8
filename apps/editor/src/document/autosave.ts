import { parseDocument, stringifyDocument } from "@patchbay/graph";
import type { GraphDocument } from "@patchbay/graph";
import type { DocumentStore } from "./documentStore.js";
import type { Draft, DraftStorage, DraftSummary } from "./draftStorage.js";
import { EditorError } from "./editorError.js";

export interface AutosaveOptions {
  /** How long after a change it is written, when no other follows; milliseconds. */
  readonly delayMs?: number;
  /** How long a change waits at most while others follow; milliseconds. */
  readonly maxDelayMs?: number;
  /** How many drafts are kept, newest first. */
  readonly keep?: number;
  /** Goes on with a draft, such as the one that this tab had before it was reloaded. Default: a new one. */
  readonly draftId?: string;
  /** Told of each write that failed (EDITOR_DRAFT_NOT_SAVED); it is tried again by itself. */
  readonly onError?: (error: EditorError) => void;
  /** Told of the draft that is written from now on: after the start, and when another graph is opened. */
  readonly onDraft?: (id: string) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly newId?: () => string;
}

export interface Autosave {
  /** Writes what is not written yet, at once: for `pagehide` and `visibilitychange`. Resolves when it is written or has failed. */
  readonly flush: () => Promise<void>;
  /** The id of the draft that the open graph is written to. */
  readonly draftId: () => string;
  /** Goes on with another draft: the one that was just loaded into the store. */
  readonly continueDraft: (id: string) => void;
  /** All drafts, newest first. */
  readonly list: () => Promise<DraftSummary[]>;
  /** A draft's document; undefined when there is no such draft. Throws GraphError for one that cannot be read. */
  readonly load: (id: string) => Promise<GraphDocument | undefined>;
  readonly remove: (id: string) => Promise<void>;
  /** Stops watching the store. What is not written yet stays unwritten: `flush` first. */
  readonly stop: () => void;
}

const firstRetryMs = 1000;
const longestRetryMs = 30_000;

/**
 * Writes the store's document to a draft soon after each change, so that a killed tab loses no edit older than `maxDelayMs`. Another graph that
 * takes the document's place gets a draft of its own; a graph without content gets none.
 */
export function createAutosave(store: DocumentStore, storage: DraftStorage, options: AutosaveOptions = {}): Autosave {
  const { delayMs = 300, maxDelayMs = 900, keep = 50, onError = () => {}, onDraft = () => {} } = options;
  const now = options.now ?? (() => Date.now());
  const newId = options.newId ?? (() => crypto.randomUUID());
  let id = options.draftId ?? newId();
  let unwritten: GraphDocument | undefined;
  let firstChangeAt = 0;
  let failures = 0;
  let begun = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** The drafts that are known to be stored, and so to have been counted. */
  const stored = new Set<string>();
  if (options.draftId !== undefined) stored.add(id);

  const schedule = (delay: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void write(), delay);
  };

  const write = async (): Promise<void> => {
    clearTimeout(timer);
    const document = unwritten;
    const draftId = id;
    unwritten = undefined;
    if (!document || (isEmpty(document) && !stored.has(draftId))) return;
    const attempt = ++begun;
    try {
      await storage.put({ id: draftId, title: document.title ?? "", text: stringifyDocument(document), savedAt: now() });
    } catch (error) {
      failed(error, document, draftId, attempt);
      return;
    }
    failures = 0;
    if (stored.has(draftId)) return;
    stored.add(draftId);
    await forgetOldest();
  };

  const failed = (cause: unknown, document: GraphDocument, draftId: string, attempt: number): void => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    onError(new EditorError("EDITOR_DRAFT_NOT_SAVED", `The draft could not be saved: ${reason}`, { cause }));
    // What was changed since is newer, and waits or is being written.
    if (draftId !== id || unwritten || attempt !== begun) return;
    unwritten = document;
    schedule(Math.min(longestRetryMs, firstRetryMs * 2 ** failures++));
  };

  const forgetOldest = async (): Promise<void> => {
    try {
      const drafts = await storage.list();
      for (const { id: old } of drafts.slice(keep)) if (old !== id) await storage.delete(old);
    } catch (cause) {
      onError(new EditorError("EDITOR_DRAFT_NOT_SAVED", "The draft was saved, but the oldest ones could not be deleted", { cause }));
    }
  };

  const unsubscribe = store.subscribe((state, before) => {
    if (state.document === before.document) return;
    if (state.opened !== before.opened) {
      // What the graph that goes away still has to write is begun now, in the draft that it had.
      if (unwritten) void write();
      id = newId();
      failures = 0;
      onDraft(id);
    }
    if (!unwritten) firstChangeAt = now();
    unwritten = state.document;
    schedule(Math.max(0, Math.min(delayMs, firstChangeAt + maxDelayMs - now())));
  });

  onDraft(id);
  return {
    flush: write,
    draftId: () => id,
    continueDraft(next) {
      id = next;
      stored.add(next);
      onDraft(next);
    },
    list: () => storage.list(),
    async load(wanted) {
      const draft: Draft | undefined = await storage.get(wanted);
      return draft && parseDocument(draft.text);
    },
    remove: (unwanted) => storage.delete(unwanted),
    stop() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}

function isEmpty({ nodes, frames }: GraphDocument): boolean {
  return Object.keys(nodes).length === 0 && Object.keys(frames).length === 0;
}
