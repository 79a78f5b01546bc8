/** As much of IndexedDB as the drafts use, with its order of events, over one map that outlives connections. */
export interface FakeIndexedDb extends IDBFactory {
  /** Makes opening, or every write, fail from now on; undefined makes all work again. */
  readonly refuse: (what: "open" | "write" | undefined) => void;
  /** What a browser tells all connections when another tab wants a newer version. */
  readonly announceNewVersion: () => void;
  readonly openConnections: () => number;
}

interface Keyed {
  readonly id: string;
}

export function fakeIndexedDb(): FakeIndexedDb {
  const records = new Map<string, Keyed>();
  const connections = new Set<EventTarget>();
  let refused: "open" | "write" | undefined;
  let created = false;

  const later = (run: () => void): void => void setTimeout(run, 0);

  const connect = (): EventTarget => {
    const database = Object.assign(new EventTarget(), {
      createObjectStore() {
        created = true;
      },
      close: () => void connections.delete(database),
      transaction(_: string, mode: IDBTransactionMode) {
        if (!connections.has(database)) throw new DOMException("The database connection is closed", "InvalidStateError");
        const fails = mode === "readwrite" && refused === "write";
        const transaction = Object.assign(new EventTarget(), {
          error: fails ? new DOMException("The disk is full", "QuotaExceededError") : null,
          objectStore: () => store,
        });
        const request = (work: () => unknown): object => {
          const result: { result?: unknown; error: null } = { error: null };
          later(() => {
            if (!fails) result.result = structuredClone(work());
            transaction.dispatchEvent(new Event(fails ? "abort" : "complete"));
          });
          return result;
        };
        const store = {
          get: (id: string) => request(() => records.get(id)),
          getAll: () => request(() => [...records.values()]),
          put: (value: Keyed) => request(() => void records.set(value.id, structuredClone(value))),
          delete: (id: string) => request(() => void records.delete(id)),
        };
        return transaction;
      },
    });
    connections.add(database);
    return database;
  };

  return {
    open() {
      const request = Object.assign(new EventTarget(), { result: undefined as unknown, error: null as DOMException | null });
      later(() => {
        if (refused === "open") {
          request.error = new DOMException("Not in a private window", "InvalidStateError");
          request.dispatchEvent(new Event("error"));
          return;
        }
        request.result = connect();
        if (!created) request.dispatchEvent(new Event("upgradeneeded"));
        request.dispatchEvent(new Event("success"));
      });
      return request;
    },
    refuse: (what: "open" | "write" | undefined) => (refused = what),
    announceNewVersion() {
      for (const database of connections) database.dispatchEvent(new Event("versionchange"));
    },
    openConnections: () => connections.size,
  } as unknown as FakeIndexedDb;
}
