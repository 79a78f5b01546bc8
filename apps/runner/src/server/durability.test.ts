import { spawn, type ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isFinal } from "@patchbay/protocol";
import { scriptedWorker, startTestServer, TestClient } from "../testing/testServer.js";

const program = fileURLToPath(new URL("../testing/serverProcess.mjs", import.meta.url));
const wait = (ms: number) => ({ class_type: "Wait", inputs: { ms } });

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "patchbay-durable-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

interface ServerProcess {
  readonly child: ChildProcess;
  readonly client: TestClient;
  readonly exited: Promise<number | null>;
}

/** The built server as a process of its own. */
async function startProcess(): Promise<ServerProcess> {
  const options = { dataDir, port: 0, models: [], workerEntry: scriptedWorker };
  const child = spawn(process.execPath, [program, JSON.stringify(options)], { stdio: ["ignore", "pipe", "pipe"] });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", resolve);
    child.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${errors}`)));
  });
  const { port, token } = JSON.parse(line) as { port: number; token: string };
  return { child, client: new TestClient(port, token), exited };
}

describe("a server that is killed", () => {
  it("right after an answer of 201, again and again, has lost none of the jobs, and runs them all in order", async () => {
    const accepted: string[] = [];
    for (let round = 0; round < 20; round++) {
      const { child, client, exited } = await startProcess();
      for (let i = 0; i < 2; i++)
        accepted.push((await client.accepted([wait(30), { class_type: "Show", inputs: { text: `${round} ${i}` } }])).id);
      child.kill("SIGKILL");
      await exited;
    }
    const server = await startTestServer({ dataDir });
    for (const id of accepted) expect(await server.client.until(id)).toMatchObject({ state: "done" });
    const jobs = (await server.client.jobs()).toReversed();
    expect(jobs.map(({ id }) => id)).toEqual(accepted);
    expect(jobs.map(({ endedAt }) => endedAt)).toEqual(jobs.map(({ endedAt }) => endedAt).toSorted((a, b) => a! - b!));
    for (const { id, lastEvent } of jobs) {
      const { events } = await server.client.events(id);
      expect(events).toHaveLength(lastEvent);
      expect(events.filter(({ type }) => type === "done")).toHaveLength(1);
    }
    await server.end();
  });

  it("while jobs run, cancel and are posted, is whole again after each start", async () => {
    const ids: string[] = [];
    for (let round = 0; round < 6; round++) {
      const { child, client, exited } = await startProcess();
      const killed = new Promise<void>((resolve) => setTimeout(() => resolve(void child.kill("SIGKILL")), 60 + Math.random() * 200));
      // Until the kill: what was answered counts, the rest may or may not be there.
      try {
        for (;;) {
          const { id } = await client.accepted([wait(5), { class_type: "Picture", inputs: { text: `${round} ${ids.length}` } }]);
          ids.push(id);
          if (ids.length % 3 === 0) await client.request(`/jobs/${id}/cancel`, { method: "POST" });
        }
      } catch {
        await killed;
        await exited;
      }
    }
    expect(ids.length).toBeGreaterThan(5);
    const server = await startTestServer({ dataDir });
    const states = await Promise.all(ids.map(async (id) => (await server.client.until(id)).state));
    expect(new Set(states)).toEqual(new Set(states.includes("cancelled") ? ["done", "cancelled"] : ["done"]));
    // Every picture of a job that ended is there, under its hash.
    for (const { files } of await server.client.jobs()) {
      for (const { hash } of files) expect((await server.client.request(`/blobs/${hash}`)).status).toBe(200);
    }
    await server.end();
  });
});

describe("a server that is stopped", () => {
  it("lets a short job end, and starts no other", async () => {
    const { child, client, exited } = await startProcess();
    const [short, next] = [await client.accepted([wait(300)]), await client.accepted([wait(1)])];
    await client.until(short.id, ({ state }) => state === "running");
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
    const server = await startTestServer({ dataDir });
    expect(await server.client.job(short.id)).toMatchObject({ state: "done", attempt: 1 });
    expect(await server.client.until(next.id)).toMatchObject({ state: "done", attempt: 1 });
    await server.end();
  });

  it("returns a long one to the queue, which the next server runs, and lets go of the folder", async () => {
    const first = await startTestServer({ dataDir });
    const long = await first.client.accepted([wait(6000)]);
    await first.client.until(long.id, ({ state }) => state === "running");
    const socket = await first.client.socket();
    const start = performance.now();
    await first.close();
    expect(performance.now() - start).toBeLessThan(6500);
    expect((await socket.untilClosed()).code).toBe(1001);
    expect(socket.eventsOf(long.id).map(({ event }) => event.type)).toEqual(["requeued"]);
    const second = await startTestServer({ dataDir });
    const running = await second.client.until(long.id, ({ state }) => state === "running");
    expect(running.attempt).toBe(2);
    await second.client.request(`/jobs/${long.id}/cancel`, { method: "POST" });
    expect(isFinal((await second.client.until(long.id)).state)).toBe(true);
    await second.end();
  });
});
