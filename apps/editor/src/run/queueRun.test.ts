import type { NewJob, Precision } from "@patchbay/protocol";
import { createStore } from "zustand/vanilla";
import { afterEach, expect, it, vi } from "vitest";
import { createDocumentStore } from "../document/documentStore.js";
import type { Studio } from "../session/studio.js";
import { createViewStore } from "../view/viewStore.js";
import { queueRun } from "./queueRun.js";
import { createRunStore } from "./runStore.js";

afterEach(() => vi.unstubAllGlobals());

/** Runs an empty graph; what was posted. */
async function posted(precision: Precision | null): Promise<NewJob> {
  const bodies: string[] = [];
  vi.stubGlobal("fetch", (_: string, { body }: { readonly body: string }) => {
    bodies.push(body);
    return Promise.resolve(new Response('{"id":"job"}', { status: 201 }));
  });
  const studio = {
    document: createDocumentStore(),
    view: createViewStore({ precision }),
    run: createRunStore(),
    catalog: createStore(() => ({ catalog: {} })),
    usedSeeds: createStore(() => ({})),
    follower: { add: () => undefined },
  } as unknown as Studio;
  await queueRun(studio);
  return JSON.parse(bodies[0] ?? "") as NewJob;
}

it("asks for the chosen precision, and for none where that is left to the server", async () => {
  expect(await posted(null)).not.toHaveProperty("precision");
  const job = await posted("fast");
  expect(job.precision).toBe("fast");
  expect(JSON.stringify(job.workflow)).not.toContain("fast");
});
