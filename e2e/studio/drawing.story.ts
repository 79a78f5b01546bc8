import { expect, test } from "./story.js";

interface Page {
  patchbayRenders: Record<string, number> | undefined;
  readonly patchbay: {
    readonly run: { readonly getState: () => { readonly shown: string | null } };
    readonly follower: { readonly message: (message: unknown) => void; readonly preview: (preview: unknown) => void };
  };
}

test("one event of a run draws at most one card again", async ({ studio, page }) => {
  const sampler = await studio.card("KSampler").getAttribute("data-node");
  const drawn = await page.evaluate(async (node) => {
    const { patchbay } = globalThis as unknown as Page;
    const job = patchbay.run.getState().shown ?? "";
    const frames = async (): Promise<void> => {
      for (let at = 0; at < 3; at++) await new Promise((done) => requestAnimationFrame(done));
    };
    const rendersOf = async (tell: () => void): Promise<string[]> => {
      (globalThis as unknown as Page).patchbayRenders = {};
      tell();
      await frames();
      return Object.keys((globalThis as unknown as Page).patchbayRenders ?? {});
    };
    const events = (first: number, ...list: unknown[]): (() => void) => {
      return () => patchbay.follower.message({ type: "events", job, first, events: list });
    };
    // The job's own events went up to some number; the next ones follow it.
    const { lastEvent } = (await (await fetch(`/studio/jobs/${job}`)).json()) as { readonly lastEvent: number };
    events(lastEvent + 1, { type: "started", at: 0, attempt: 2, nodes: ["1", "2", node] })();
    await frames();
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext("2d");
    const bytes = new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer());
    return {
      nodeStarted: await rendersOf(events(lastEvent + 2, { type: "nodeStarted", node })),
      progress: await rendersOf(() => patchbay.follower.message({ type: "progress", job, node, value: 3, max: 20 })),
      preview: await rendersOf(() =>
        patchbay.follower.preview({ job, node, value: 3, max: 20, mediaType: "image/png", width: 8, height: 8, bytes }),
      ),
      nextPreview: await rendersOf(() =>
        patchbay.follower.preview({ job, node, value: 4, max: 20, mediaType: "image/png", width: 8, height: 8, bytes }),
      ),
      nodeFinished: await rendersOf(events(lastEvent + 3, { type: "nodeFinished", node, cached: false, seconds: 1, files: [] })),
    };
  }, sampler ?? "");
  for (const [event, cards] of Object.entries(drawn)) expect(cards, event).toEqual([sampler]);
});

test("dragging a card draws no other", async ({ studio, page }) => {
  const title = studio.card("KSampler").locator(".card-title");
  await title.click();
  const box = (await title.boundingBox())!;
  await page.evaluate(() => {
    (globalThis as unknown as Page).patchbayRenders = {};
  });
  await page.mouse.move(box.x + 10, box.y + 5);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 45, { steps: 10 });
  await page.mouse.up();
  // Once: when it is let go, and the document learns its place.
  const id = (await studio.card("KSampler").getAttribute("data-node")) ?? "";
  expect(await page.evaluate(() => (globalThis as unknown as Page).patchbayRenders)).toEqual({ [id]: 1 });
});
