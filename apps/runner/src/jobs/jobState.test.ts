import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isFinal, jobStates, type JobEvent, type JobState } from "@patchbay/protocol";
import { openDatabase, type JobDatabase } from "./database.js";
import { mayBecome } from "./jobState.js";
import { JobStore } from "./jobStore.js";

let folder: string;
let db: JobDatabase;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "patchbay-state-"));
  db = openDatabase(join(folder, "jobs.db"));
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const event: JobEvent = { type: "cancelled", at: 0 };

describe("the states of a job", () => {
  it("that are final lead nowhere, and all others to an end", () => {
    for (const from of jobStates) {
      const next = jobStates.filter((to) => mayBecome(from, to));
      expect(next.length === 0).toBe(isFinal(from));
      if (!isFinal(from)) expect(next).toContain("cancelled");
    }
  });

  it("change only along the table, whoever asks first, and every change is one event", () => {
    const store = new JobStore(db);
    const step = fc.oneof(
      fc.record({ to: fc.constantFrom<JobState>(...jobStates), attempt: fc.option(fc.nat(3), { nil: undefined }) }),
      fc.constant("claim" as const),
      fc.constant("append" as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { job } = store.accept({ body: new Uint8Array(), title: "", front: true, graphHash: null, key: undefined });
        let [state, attempt, events]: [JobState, number, number] = ["queued", 0, 1];
        for (const each of steps) {
          if (each === "claim") {
            const claimed = store.claim();
            // The front one is ours while it waits.
            expect(claimed?.id === job.id).toBe(state === "queued");
            if (claimed && claimed.id !== job.id) store.move(claimed.id, { to: "done", event });
            if (state === "queued") [state, attempt] = ["running", attempt + 1];
          } else if (each === "append") {
            const takes = state === "running" || state === "cancelling";
            expect(store.append(job.id, attempt, [event, event]) !== undefined).toBe(takes);
            expect(store.append(job.id, attempt + 1, [event])).toBeUndefined();
            if (takes) events += 2;
          } else {
            const { to, attempt: named } = each;
            // Only a claim begins a job.
            if (to === "running") continue;
            const moves = mayBecome(state, to) && (named === undefined || named === attempt);
            const moved = store.move(job.id, { to, event, ...(named !== undefined && { attempt: named }) });
            expect(moved !== undefined).toBe(moves);
            if (moves) [state, events] = [to, events + 1];
          }
          expect(store.get(job.id)).toMatchObject({ state, attempt, lastEvent: events });
        }
        if (!isFinal(state)) store.move(job.id, { to: "cancelled", event });
        expect(store.events.read(job.number, 0)).toMatchObject({ first: 1, count: isFinal(state) ? events : events + 1 });
      }),
      { numRuns: 150 },
    );
  });

  it("are counted: what a worker died of", () => {
    const store = new JobStore(db);
    const { job } = store.accept({ body: new Uint8Array(), title: "", front: true, graphHash: null, key: undefined });
    store.claim();
    store.move(job.id, { to: "queued", died: true, event });
    expect(store.deathsOf(job.id)).toBe(1);
    expect(store.claim()).toMatchObject({ id: job.id, attempt: 2 });
  });
});
