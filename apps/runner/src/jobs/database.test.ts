import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openDatabase } from "./database.js";
import { JobStore } from "./jobStore.js";

let folder: string;
beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "patchbay-database-"))));
afterAll(() => rmSync(folder, { recursive: true }));

const job = { body: new Uint8Array([1]), title: "old", front: false, graphHash: null, key: undefined };

it("brings a database of before arithmetic was recorded up to date, with the jobs in it", () => {
  const file = join(folder, "old.db");
  const old = openDatabase(file);
  const { job: done } = new JobStore(old).accept(job);
  const { job: waiting } = new JobStore(old).accept(job);
  new JobStore(old).claim();
  new JobStore(old).move(done.id, { to: "done", event: { type: "done", at: 1, seconds: 1 } });
  old.exec(
    "ALTER TABLE jobs DROP COLUMN precision; ALTER TABLE jobs DROP COLUMN isa; ALTER TABLE jobs DROP COLUMN asked; PRAGMA user_version = 1",
  );
  old.close();
  const db = openDatabase(file);
  const store = new JobStore(db);
  expect(store.get(done.id)).toMatchObject({ state: "done", arithmetic: null, lastEvent: 2 });
  expect(store.claim()).toMatchObject({ id: waiting.id, arithmetic: null });
  const arithmetic = { precision: "fast", isa: "avx2" } as const;
  store.append(waiting.id, 1, [{ type: "started", at: 1, attempt: 1, nodes: [], arithmetic }]);
  expect(store.get(waiting.id)).toMatchObject({ arithmetic });
  db.close();
});

it("refuses a database of a later version", () => {
  const file = join(folder, "new.db");
  const db = openDatabase(file);
  db.exec("PRAGMA user_version = 1000");
  db.close();
  expect(() => openDatabase(file)).toThrow("version 1000");
});
