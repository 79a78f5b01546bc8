import { EditorError } from "./editorError.js";

/** A graph as it was last seen, kept by the browser. */
export interface Draft {
  readonly id: string;
  readonly title: string;
  /** The document as JSON. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
}

export type DraftSummary = Omit<Draft, "text">;

/** Where drafts are kept: an asynchronous map by id. */
export interface DraftStorage {
  readonly get: (id: string) => Promise<Draft | undefined>;
  /** Stores a draft in the place of the one of its id. Writes take effect in the order in which they were begun. */
  readonly put: (draft: Draft) => Promise<void>;
  readonly delete: (id: string) => Promise<void>;
  /** Newest first. */
  readonly list: () => Promise<DraftSummary[]>;
}

const storeName = "drafts";

/**
 * Drafts in the browser's IndexedDB, which outlives a killed tab. The database is opened with the first call, again after a failure or when
 * another tab closed it. Rejects with EditorError: EDITOR_DRAFTS_UNAVAILABLE.
 */
export function indexedDbDraftStorage(factory: IDBFactory, databaseName = "patchbay-drafts"): DraftStorage {
  let opening: Promise<IDBDatabase> | undefined;

  const open = (): Promise<IDBDatabase> => {
    opening ??= openDatabase(factory, databaseName, () => (opening = undefined)).catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };

  /** Resolves once the transaction is complete, so that what was written is on its way to the disk. */
  const run = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const database = await open();
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(storeName, mode);
      const request = work(transaction.objectStore(storeName));
      const failed = (): void => reject(unavailable(mode === "readonly" ? "read" : "write", transaction.error ?? request.error));
      transaction.addEventListener("complete", () => resolve(request.result));
      transaction.addEventListener("abort", failed);
      transaction.addEventListener("error", failed);
    });
  };

  return {
    get: (id) => run("readonly", (store) => store.get(id) as IDBRequest<Draft | undefined>),
    async put(draft) {
      await run("readwrite", (store) => store.put(draft));
    },
    async delete(id) {
      await run("readwrite", (store) => store.delete(id));
    },
    list: async () => newestFirst(await run("readonly", (store) => store.getAll() as IDBRequest<Draft[]>)),
  };
}

function openDatabase(factory: IDBFactory, name: string, closed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(name, 1);
    request.addEventListener("upgradeneeded", () => request.result.createObjectStore(storeName, { keyPath: "id" }));
    request.addEventListener("error", () => reject(unavailable("open", request.error)));
    request.addEventListener("success", () => {
      const database = request.result;
      database.addEventListener("close", closed);
      // Another tab brings a newer version: let it.
      database.addEventListener("versionchange", () => {
        database.close();
        closed();
      });
      resolve(database);
    });
  });
}

function unavailable(what: string, cause: unknown): EditorError {
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  return new EditorError("EDITOR_DRAFTS_UNAVAILABLE", `The browser could not ${what} its database of drafts${reason}`, { cause });
}

/** Drafts in memory: they last as long as the tab. For browsers that keep nothing. */
export function memoryDraftStorage(): DraftStorage {
  const drafts = new Map<string, Draft>();
  return {
    get: async (id) => drafts.get(id),
    put: async (draft) => void drafts.set(draft.id, draft),
    delete: async (id) => void drafts.delete(id),
    list: async () => newestFirst([...drafts.values()]),
  };
}

function newestFirst(drafts: readonly Draft[]): DraftSummary[] {
  return drafts.map(({ id, title, savedAt }) => ({ id, title, savedAt })).sort((a, b) => b.savedAt - a.savedAt || (a.id < b.id ? -1 : 1));
}
