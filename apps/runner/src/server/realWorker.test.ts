import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isPng, readPngText, type Catalog, type NodeInfo } from "@patchbay/graph";
import { jobSchema, welcomeSchema, type Job, type Welcome } from "@patchbay/protocol";
import { starterModels, startTestServer, type NodeGiven, type TestClient, type TestServer } from "../testing/testServer.js";

const welcomeGraph = fileURLToPath(new URL("../../../../examples/landscape.json", import.meta.url));
const builtWorker = fileURLToPath(new URL("../../dist/worker/main.js", import.meta.url));

let server: TestServer;
let client: TestClient;
let dataDir: string;
const start = (): Promise<TestServer> => startTestServer({ dataDir, models: [starterModels], workerEntry: builtWorker, welcomeGraph });
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "patchbay-real-"));
  server = await start();
  ({ client } = server);
});
afterAll(async () => {
  await server.end();
  await rm(dataDir, { recursive: true, force: true });
});

/** EmptyImage, then ImageInvert again and again, then PreviewImage. */
function chain(length: number, color: number): NodeGiven[] {
  const invert = Array.from({ length: length - 2 }, (_, i) => ({ class_type: "ImageInvert", inputs: { image: [String(i + 1), 0] } }));
  return [
    { class_type: "EmptyImage", inputs: { width: 16, height: 16, batch_size: 1, color } },
    ...invert,
    { class_type: "PreviewImage", inputs: { images: [String(length - 1), 0] } },
  ];
}

/** The welcome graph's prompt with other values of its sampler. */
async function sampling(more: Readonly<Record<string, unknown>>): Promise<NodeGiven[]> {
  const { job } = await client.json<Welcome>("/welcome");
  const { prompt } = await client.json<{ prompt: Record<string, NodeGiven> }>(`/jobs/${job!.id}/graph`);
  const ids = Object.keys(prompt);
  expect(ids).toEqual(ids.map((_, i) => String(i + 1)));
  return Object.values(prompt).map((node) => (node.class_type === "KSampler" ? { ...node, inputs: { ...node.inputs, ...more } } : node));
}

describe("the server with its real worker", () => {
  let first: Job;

  it("makes the first picture of the starter, and opens the studio with it", async () => {
    const socket = await client.socket();
    first = jobSchema.parse(await server.firstPicture());
    expect(first).toMatchObject({ state: "done", error: null });
    await socket.untilEnd(first.id);
    const [file] = first.files;
    expect(file).toMatchObject({ kind: "images", type: "output", mediaType: "image/png", width: 128, height: 128 });
    const welcome = welcomeSchema.parse(await client.json("/welcome"));
    expect(welcome.job).toEqual(first);
    const bytes = Buffer.from(await (await client.request(`/blobs/${file!.hash}`)).arrayBuffer());
    expect(isPng(bytes)).toBe(true);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(file!.hash);
    expect(readPngText(bytes).get("prompt")).toContain("KSampler");
    expect(readPngText(bytes).get("workflow")).toContain("nodes");
    expect(first.arithmetic).toMatchObject({ precision: "exact" });
    expect(JSON.parse(readPngText(bytes).get("patchbay")!)).toMatchObject(first.arithmetic!);
    // The same picture as a named file, and in the gallery.
    expect(await readFile(join(dataDir, "output", file!.filename))).toEqual(bytes);
    expect((await client.json<{ results: { job: string }[] }>("/results")).results[0]!.job).toBe(first.id);
    expect(socket.previews.length).toBeGreaterThan(0);
    for (const preview of socket.previews) expect(preview).toMatchObject({ job: first.id, node: expect.any(String) as string });
    expect(socket.messages.some((message) => message.type === "progress" && message.max > 1)).toBe(true);
    socket.close();
    // A second time nothing is made.
    expect((await server.firstPicture())!.id).toBe(first.id);
  });

  it("serves ComfyUI's catalog of the worker's nodes, tagged", async () => {
    const response = await client.request("/catalog");
    const tag = response.headers.get("etag")!;
    const catalog = (await response.json()) as Catalog;
    expect(Object.keys(catalog).length).toBeGreaterThan(30);
    const checkpoints = (catalog["CheckpointLoaderSimple"] as NodeInfo).input.required!["ckpt_name"]!;
    expect(JSON.stringify(checkpoints)).toContain("starter");
    expect((await client.request("/catalog", { headers: { "if-none-match": tag } })).status).toBe(304);
    const known = (await client.json("/known-nodes")) as Catalog;
    expect(Object.keys(known).length).toBeGreaterThan(600);
  });

  it("a change of the seed runs only what depends on it; the same again runs nothing", async () => {
    const nodes = await sampling({ seed: 77 });
    const finished = async (job: Job): Promise<{ cached: number; run: number }> => {
      await client.until(job.id);
      const all = (await client.events(job.id)).events.filter((event) => event.type === "nodeFinished");
      return { cached: all.filter(({ cached }) => cached).length, run: all.filter(({ cached }) => !cached).length };
    };
    expect(await finished(await client.accepted(nodes))).toEqual({ cached: 4, run: 3 });
    const again = await client.accepted(nodes);
    expect(await finished(again)).toEqual({ cached: 7, run: 0 });
    // The picture has been in the gallery since.
    const { results } = await client.json<{ results: { file: { filename: string } }[] }>("/results");
    expect(new Set(results.map(({ file }) => file.filename)).size).toBe(results.length);
    expect((await client.job(again.id)).files).toHaveLength(1);
  });

  it("cancels in the middle of sampling", async () => {
    const job = await client.accepted(await sampling({ seed: 78, steps: 2000 }));
    const socket = await client.socket();
    await socket.until((messages) => messages.some((message) => message.type === "progress" && message.value >= 2));
    const asked = performance.now();
    await client.request(`/jobs/${job.id}/cancel`, { method: "POST" });
    expect(await client.until(job.id)).toMatchObject({ state: "cancelled" });
    expect(performance.now() - asked).toBeLessThan(1500);
    socket.close();
  });

  it("killed in the middle of sampling: the job runs again and ends with its picture", async () => {
    const job = await client.accepted(await sampling({ seed: 79 }));
    const socket = await client.socket();
    await socket.until((messages) =>
      messages.some((message) => message.type === "progress" && message.job === job.id && message.value >= 2),
    );
    process.kill(server.workerPid()!, "SIGKILL");
    const done = await client.until(job.id, undefined, 40_000);
    expect(done).toMatchObject({ state: "done", attempt: 2 });
    expect(done.files).toHaveLength(1);
    socket.close();
  });

  it("runs a chain of 1000 nodes and tells every one of them", async () => {
    const job = await client.accepted(chain(1000, 5));
    const done = await client.until(job.id);
    expect(done.state).toBe("done");
    const { events } = await client.events(job.id);
    expect(events.filter(({ type }) => type === "nodeFinished")).toHaveLength(1000);
    expect(done.files).toMatchObject([{ type: "temp", width: 16, height: 16 }]);
    expect(existsSync(join(dataDir, "blobs", done.files[0]!.hash.slice(0, 2), done.files[0]!.hash))).toBe(true);
  });

  it("finds a model that appears while it runs", async () => {
    const socket = await client.socket();
    await writeFile(join(dataDir, "input", "appears.png"), Buffer.from("\x89PNG\r\n\x1a\n", "latin1"));
    await socket.until((messages) => messages.some(({ type }) => type === "catalog"));
    expect(JSON.stringify((await client.json<Catalog>("/catalog"))["LoadImage"])).toContain("appears.png");
    socket.close();
  });

  it("starts again with all it had", async () => {
    await server.close();
    const started = performance.now();
    server = await start();
    expect(performance.now() - started).toBeLessThan(1000);
    ({ client } = server);
    expect((await server.firstPicture())!.id).toBe(first.id);
    const { results } = await client.json<{ results: { job: string }[] }>("/results");
    expect(results.map(({ job }) => job)).toContain(first.id);
  });
});
