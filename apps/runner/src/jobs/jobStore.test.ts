import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { JobEvent } from "@patchbay/protocol";
import { openDatabase, type JobDatabase } from "./database.js";
import { JobStore } from "./jobStore.js";

let folder: string;
let db: JobDatabase;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "patchbay-store-"));
  db = openDatabase(join(folder, "jobs.db"));
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

it("says of a job what its last attempt is computed with, from when its worker says so", () => {
  const store = new JobStore(db);
  const { job } = store.accept({ body: new Uint8Array(), title: "", front: true, graphHash: null, key: undefined });
  const [first, second] = [
    { precision: "fast", isa: "avx512bf16" },
    { precision: "exact", isa: "avx2", asked: "fast" },
  ] as const;
  const started = (attempt: number, arithmetic: typeof first | typeof second): JobEvent => {
    return { type: "started", at: 1, attempt, nodes: ["1"], arithmetic };
  };
  expect([job.arithmetic, store.get(job.id)!.arithmetic]).toEqual([null, null]);
  expect(store.claim()).toMatchObject({ id: job.id, arithmetic: null });
  store.append(job.id, 1, [started(1, first), { type: "nodeStarted", node: "1" }]);
  expect(store.get(job.id)).toMatchObject({ arithmetic: first });
  store.move(job.id, { to: "queued", event: { type: "requeued", at: 2, reason: "" } });
  expect(store.claim()).toMatchObject({ id: job.id, arithmetic: null });
  // A short run's first event may come to the record with its last.
  store.move(job.id, { to: "done", before: [started(2, second)], event: { type: "done", at: 3, seconds: 1 } });
  expect(store.get(job.id)).toMatchObject({ state: "done", arithmetic: second });
  expect(store.finished(1, Infinity)).toMatchObject([{ id: job.id, arithmetic: second }]);
});
