import fc from "fast-check";
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
  folder = mkdtempSync(join(tmpdir(), "patchbay-log-"));
  db = openDatabase(join(folder, "jobs.db"));
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

it("events written in batches of any size are read from any number on, in pieces of any size, as they were", () => {
  const store = new JobStore(db);
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: 1, maxLength: 8 }), { maxLength: 8 }),
      fc.nat(40),
      fc.nat(400),
      (batches, after, maxLength) => {
        const { job } = store.accept({ body: new Uint8Array(), title: "", front: true, graphHash: null, key: undefined });
        store.claim();
        const all: JobEvent[] = [{ type: "queued", at: job.createdAt }];
        for (const batch of batches) {
          const events = batch.map((message): JobEvent => ({ type: "warning", node: "1", message }));
          store.append(job.id, 1, events);
          all.push(...events);
        }
        const read: JobEvent[] = [];
        for (let next = after; ;) {
          const chunk = store.events.read(job.number, next, maxLength);
          if (!chunk) break;
          expect(chunk.first).toBe(next + 1);
          const events = JSON.parse(`[${chunk.text}]`) as JobEvent[];
          expect(events).toHaveLength(chunk.count);
          read.push(...events);
          next += chunk.count;
        }
        expect(read).toEqual(JSON.parse(JSON.stringify(all.slice(after))));
        store.move(job.id, { to: "done", event: { type: "done", at: 0, seconds: 0 } });
      },
    ),
    { numRuns: 100 },
  );
});

it("an event under a number that is taken is refused", () => {
  const store = new JobStore(db);
  const { job } = store.accept({ body: new Uint8Array(), title: "", front: true, graphHash: null, key: undefined });
  expect(() => store.events.append(job.number, 0, [{ type: "queued", at: 0 }])).toThrow("already");
});
