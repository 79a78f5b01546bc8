import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ErrorAnswer, JobGraph, JobList } from "@patchbay/protocol";
import { startTestServer, type TestClient, type TestServer } from "../testing/testServer.js";

const wait = (ms: number) => ({ class_type: "Wait", inputs: { ms } });
const typesOf = (events: readonly { readonly type: string }[]): string[] => events.map(({ type }) => type);

let server: TestServer;
let client: TestClient;
beforeAll(async () => {
  server = await startTestServer({ cancelPatience: 300, maxQueued: 30 });
  ({ client } = server);
});
afterAll(() => server.end());

describe("a job", () => {
  it("is accepted, runs, and tells every step in numbered events", async () => {
    const job = await client.accepted([wait(30), { class_type: "Picture", inputs: { text: "a" } }], { title: "Two" });
    expect(job).toMatchObject({ state: "queued", title: "Two", attempt: 0, lastEvent: 1 });
    const done = await client.until(job.id);
    expect(done).toMatchObject({ state: "done", attempt: 1, error: null });
    expect(done.files).toMatchObject([{ node: "2", kind: "images", type: "output", mediaType: "image/png", width: 8, height: 8 }]);
    const { first, events } = await client.events(job.id);
    expect(first).toBe(1);
    expect(typesOf(events)).toEqual(["queued", "started", "nodeStarted", "nodeFinished", "nodeStarted", "nodeFinished", "done"]);
    expect(events).toHaveLength(done.lastEvent);
    const rest = await client.events(job.id, 5);
    expect(rest).toEqual({ first: 6, events: events.slice(5) });
    expect((await client.events(job.id, 99)).events).toEqual([]);
  });

  it("is computed with what it asks for, else exactly, and says so", async () => {
    for (const [given, precision] of [
      [{}, "exact"],
      [{ precision: "fast" }, "fast"],
      [{ precision: "small" }, "small"],
    ] as const) {
      const job = await client.accepted([{ class_type: "Bound", inputs: {} }], given);
      expect(job.arithmetic).toBeNull();
      const arithmetic = { precision, isa: "scripted" };
      expect(await client.until(job.id)).toMatchObject({ state: "done", arithmetic });
      expect((await client.events(job.id)).events).toContainEqual(expect.objectContaining({ type: "started", arithmetic }));
      // Without a bound of the server's, a run has none.
      expect((await client.events(job.id)).events).toContainEqual({ type: "warning", node: "1", message: "null" });
    }
  });

  it("has the server's precision and bound of memory, where those are set", async () => {
    const bound = await startTestServer({ precision: "fast", memoryLimit: 12345 });
    const node = { class_type: "Bound", inputs: {} };
    const [left, asked] = [await bound.client.accepted([node]), await bound.client.accepted([node], { precision: "exact" })];
    expect(await bound.client.until(left.id)).toMatchObject({ arithmetic: { precision: "fast" } });
    expect(await bound.client.until(asked.id)).toMatchObject({ arithmetic: { precision: "exact" } });
    expect((await bound.client.events(left.id)).events).toContainEqual({ type: "warning", node: "1", message: "12345" });
    await bound.end();
  });

  it("keeps its graph byte for byte, seeds of 64 bits included", async () => {
    const body =
      '{"prompt":{"1":{"class_type":"Wait","inputs":{"ms":1,"seed":18446744073709551615}}},"workflow":{"nodes":[],"big":9007199254740993}}';
    const { id } = (await (await client.postBody(body)).json()) as { id: string };
    const text = await (await client.request(`/jobs/${id}/graph`)).text();
    expect(text).toBe(body);
    expect((JSON.parse(text) as JobGraph).workflow).toBeTruthy();
  });

  it("fails with the error that the worker names, and leaves the gallery what was saved before", async () => {
    const job = await client.accepted([
      { class_type: "Picture", inputs: { text: "before" } },
      { class_type: "Fail", inputs: {} },
    ]);
    const failed = await client.until(job.id);
    expect(failed).toMatchObject({ state: "failed", error: { code: "NODE_FAILED", node: "2", nodeType: "Fail" } });
    expect(failed.files).toHaveLength(1);
  });

  it("that can't be run is refused with everything that is wrong with it, or the one thing", async () => {
    const several = await client.post([
      { class_type: "Nope", inputs: {} },
      { class_type: "Wait", inputs: { ms: -1 } },
      { class_type: "KSampler", inputs: {} },
    ]);
    expect(several.status).toBe(400);
    const { error } = (await several.json()) as ErrorAnswer;
    expect(error.code).toBe("GRAPH_INVALID");
    expect(error.problems!.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "GRAPH_NODE_UNKNOWN nodes.1",
      "GRAPH_VALUE_TOO_SMALL nodes.2.inputs.ms",
      "GRAPH_NODE_UNKNOWN nodes.3",
    ]);
    // A node that exists in ComfyUI is called that.
    expect(error.problems![2]!.message).toContain("ComfyUI");
    const one = (await (await client.post([{ class_type: "Wait", inputs: {} }])).json()) as ErrorAnswer;
    expect(one.error).toMatchObject({ code: "GRAPH_INPUT_MISSING", problems: [{ path: "nodes.1.inputs.ms" }] });
    const file = (await (await client.post([{ class_type: "Name", inputs: { file: "none.png" } }])).json()) as ErrorAnswer;
    expect(file.error).toMatchObject({ code: "FILE_NOT_FOUND", problems: [{ path: "nodes.1.inputs.file" }] });
  });

  it("with targets is checked only as far as they need it", async () => {
    const nodes = [wait(1), { class_type: "Wait", inputs: { ms: "never" } }];
    expect((await client.post(nodes)).status).toBe(400);
    expect((await client.post(nodes, { targets: ["1"] })).status).toBe(201);
    const none = (await (await client.post(nodes, { targets: ["9"] })).json()) as ErrorAnswer;
    expect(none.error.code).toBe("GRAPH_NO_OUTPUT");
  });

  it.each([
    ["not JSON", "{", "GRAPH_JSON_SYNTAX"],
    ["nothing", "", "GRAPH_JSON_SYNTAX"],
    ["a list", "[]", "HTTP_REQUEST"],
    ["no prompt", "{}", "HTTP_REQUEST"],
    ["another key", '{"prompt":{"1":{"class_type":"Wait"}},"extra":1}', "HTTP_REQUEST"],
    ["a title that is too long", JSON.stringify({ prompt: {}, title: "x".repeat(201) }), "HTTP_REQUEST"],
    ["a precision that there is not", '{"prompt":{},"precision":"half"}', "HTTP_REQUEST"],
    ["a prompt that is a list", '{"prompt":[]}', "GRAPH_PROMPT_INVALID"],
    ["an empty prompt", '{"prompt":{}}', "GRAPH_NO_OUTPUT"],
    ["deep nesting", `{"prompt":${"[".repeat(100_000)}`, "GRAPH_TOO_DEEP"],
    ["a key of prototypes", '{"prompt":{"__proto__":{"class_type":"Wait","inputs":{"ms":1}}}}', undefined],
  ])("of %s is answered, not feared", async (_, body, code) => {
    const response = await client.postBody(body);
    const answer = (await response.json()) as Partial<ErrorAnswer>;
    expect(response.status).toBe(code === undefined ? 201 : 400);
    expect(answer.error?.code).toBe(code);
    expect(({} as Record<string, unknown>)["class_type"]).toBeUndefined();
  });

  it("has to be called JSON, plain and not too large", async () => {
    const status = async (headers: Record<string, string>, body = "{}"): Promise<number> => (await client.postBody(body, headers)).status;
    expect(await status({ "content-type": "text/plain" })).toBe(415);
    expect(await status({ "content-type": "application/x-www-form-urlencoded" })).toBe(415);
    expect(await status({ "content-encoding": "gzip" })).toBe(415);
    expect(await status({}, `{"prompt":"${"x".repeat(65 * 1024 * 1024)}"}`).catch(() => 413)).toBe(413);
  });

  it("is one for one Idempotency-Key", async () => {
    const posts = await Promise.all(Array.from({ length: 20 }, () => client.post([wait(1)], {}, { "idempotency-key": "key-1" })));
    expect(new Set(posts.map(({ status }) => status))).toEqual(new Set([201]));
    expect(new Set(await Promise.all(posts.map(async (post) => ((await post.json()) as { id: string }).id))).size).toBe(1);
    const other = await client.post([wait(2)], {}, { "idempotency-key": "key-1" });
    expect(other.status).toBe(409);
    expect(await other.json()).toMatchObject({ error: { code: "JOB_KEY_REUSED" } });
    expect((await client.post([wait(1)], {}, { "idempotency-key": "x".repeat(300) })).status).toBe(400);
  });

  it("that is unknown is not found", async () => {
    for (const path of ["", "/graph", "/events", "/cancel"]) {
      const response = await client.request(`/jobs/nope${path}`, { method: path === "/cancel" ? "POST" : "GET" });
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({ error: { code: "JOB_UNKNOWN" } });
    }
  });
});

describe("the queue", () => {
  it("runs in order, those to the front first", async () => {
    const first = await client.accepted([wait(150)]);
    const [b, c] = [await client.accepted([wait(1)]), await client.accepted([wait(1)])];
    const [d, e] = [await client.accepted([wait(1)], { front: true }), await client.accepted([wait(1)], { front: true })];
    const jobs = [first, b, c, d, e];
    expect((await client.jobs()).slice(0, 5).map(({ id }) => id)).toEqual([first, e, d, b, c].map(({ id }) => id));
    const ended = await Promise.all(jobs.map(({ id }) => client.until(id)));
    const order = [...ended].sort((x, y) => x.startedAt! - y.startedAt! || x.endedAt! - y.endedAt!).map(({ id }) => id);
    expect(order).toEqual([first, e, d, b, c].map(({ id }) => id));
  });

  it("cancels what waits at once, and what runs soon; what has ended stays as it is", async () => {
    const [running, waiting] = [await client.accepted([wait(10_000)]), await client.accepted([wait(1)])];
    await client.until(running.id, ({ state }) => state === "running");
    const cancel = (id: string) => client.json(`/jobs/${id}/cancel`, { method: "POST" });
    expect(await cancel(waiting.id)).toMatchObject({ state: "cancelled", attempt: 0 });
    const start = performance.now();
    expect(await cancel(running.id)).toMatchObject({ state: "cancelling" });
    expect(await client.until(running.id)).toMatchObject({ state: "cancelled" });
    expect(performance.now() - start).toBeLessThan(300);
    expect(typesOf((await client.events(running.id)).events).slice(-2)).toEqual(["cancelling", "cancelled"]);
    expect(await cancel(running.id)).toMatchObject({ state: "cancelled" });
  });

  it("ends a worker that does not heed a cancel, and goes on with the next job", async () => {
    const deaf = await client.accepted([{ class_type: "Deaf", inputs: { ms: 60_000 } }]);
    const next = await client.accepted([wait(1)]);
    await client.until(deaf.id, ({ state }) => state === "running");
    await client.request(`/jobs/${deaf.id}/cancel`, { method: "POST" });
    expect(await client.until(deaf.id)).toMatchObject({ state: "cancelled" });
    expect(await client.until(next.id)).toMatchObject({ state: "done" });
  });

  it("a result that was on its way when the job was cancelled counts", async () => {
    const deaf = await client.accepted([{ class_type: "Deaf", inputs: { ms: 150 } }]);
    await client.until(deaf.id, ({ state }) => state === "running");
    await client.request(`/jobs/${deaf.id}/cancel`, { method: "POST" });
    expect(await client.until(deaf.id)).toMatchObject({ state: "done" });
    expect(typesOf((await client.events(deaf.id)).events)).toContain("cancelling");
  });

  it("is cleared of all that waits, and takes no more than it may", async () => {
    const running = await client.accepted([wait(60_000)]);
    await client.until(running.id, ({ state }) => state === "running");
    for (let i = 0; i < 30; i++) await client.accepted([wait(1)]);
    const full = await client.post([wait(1)]);
    expect(full.status).toBe(429);
    expect(full.headers.get("retry-after")).toBeTruthy();
    expect(await full.json()).toMatchObject({ error: { code: "JOB_QUEUE_FULL" } });
    expect(await client.json("/status")).toMatchObject({ worker: "busy", queued: 30 });
    expect(await client.json("/jobs/clear", { method: "POST" })).toEqual({ cancelled: 30 });
    expect(await client.job(running.id)).toMatchObject({ state: "running" });
    await client.request(`/jobs/${running.id}/cancel`, { method: "POST" });
    await client.until(running.id);
  });

  it("lists what has ended in pages, newest first", async () => {
    const all = await client.jobs();
    const seen: number[] = [];
    for (let before: number | undefined; ;) {
      const page: JobList = await client.json(`/jobs?limit=7${before === undefined ? "" : `&before=${before}`}`);
      seen.push(...page.jobs.map(({ number }) => number));
      before = page.jobs.at(-1)!.number;
      if (!page.more) break;
    }
    expect(seen).toEqual(all.map(({ number }) => number));
    expect(seen).toEqual([...seen].sort((a, b) => b - a));
    expect((await client.request("/jobs?limit=0")).status).toBe(400);
    expect((await client.request("/jobs?limit=x")).status).toBe(400);
  });
});

describe("a worker that dies", () => {
  it("in mid-run: the job runs again and ends", async () => {
    const folder = await mkdtemp(join(tmpdir(), "patchbay-marker-"));
    const job = await client.accepted([wait(5), { class_type: "DieOnce", inputs: { marker: join(folder, "died") } }]);
    const done = await client.until(job.id);
    expect(done).toMatchObject({ state: "done", attempt: 2 });
    expect(existsSync(join(folder, "died"))).toBe(true);
    const { events } = await client.events(job.id);
    expect(events).toHaveLength(done.lastEvent);
    expect(typesOf(events).filter((type) => ["started", "requeued", "done"].includes(type))).toEqual([
      "started",
      "requeued",
      "started",
      "done",
    ]);
    expect(events.find(({ type }) => type === "requeued")).toMatchObject({ reason: expect.stringContaining("SIGKILL") as string });
    await rm(folder, { recursive: true });
  });

  it("killed from outside in mid-run: the job runs again and ends", async () => {
    const job = await client.accepted([wait(300)]);
    await client.until(job.id, ({ state }) => state === "running");
    process.kill(server.workerPid()!, "SIGKILL");
    expect(await client.until(job.id)).toMatchObject({ state: "done", attempt: 2 });
  });

  it("of the same job twice: the job is quarantined with the node at which it was, and the next one runs", async () => {
    const job = await client.accepted([wait(1), { class_type: "Die", inputs: {} }]);
    const next = await client.accepted([wait(1)]);
    const ended = await client.until(job.id);
    expect(ended).toMatchObject({ state: "quarantined", attempt: 2, error: { code: "JOB_QUARANTINED", node: "2" } });
    expect(ended.error!.message).toContain("SIGKILL");
    expect(await client.until(next.id)).toMatchObject({ state: "done", attempt: 1 });
  });

  it("and one that sends what can't be understood is ended as well", async () => {
    const job = await client.accepted([{ class_type: "Garbage", inputs: {} }]);
    expect(await client.until(job.id)).toMatchObject({ state: "quarantined" });
  });

  it("what an attempt tells that is over is not taken", async () => {
    const job = await client.accepted([{ class_type: "Stale", inputs: {} }, wait(40)]);
    const done = await client.until(job.id);
    expect(done.endedAt! - done.startedAt!).toBeGreaterThanOrEqual(35);
    expect(typesOf((await client.events(job.id)).events).filter((type) => type === "done")).toHaveLength(1);
  });
});
