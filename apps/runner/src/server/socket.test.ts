import { connect, type Socket } from "node:net";
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JobEvent } from "@patchbay/protocol";
import { startTestServer, type TestClient, type TestServer, type TestSocket } from "../testing/testServer.js";

const emit = (events: number) => ({ class_type: "Emit", inputs: { events } });
const wait = (ms: number) => ({ class_type: "Wait", inputs: { ms } });

let server: TestServer;
let client: TestClient;
beforeAll(async () => {
  server = await startTestServer();
  ({ client } = server);
});
afterAll(() => server.end());

/** The events of a job as one socket got them: without a gap, in order, each once. */
function inOrder(socket: TestSocket, job: string): readonly JobEvent[] {
  const events = socket.eventsOf(job);
  expect(events.map(({ number }) => number)).toEqual(events.map((_, i) => i + 1));
  return events.map(({ event }) => event);
}

describe("the socket", () => {
  it("says hello first, with the jobs that have not ended in their order", async () => {
    const [running, waiting] = [await client.accepted([wait(10_000)]), await client.accepted([wait(1)])];
    await client.until(running.id, ({ state }) => state === "running");
    const socket = await client.socket();
    expect(socket.messages[0]).toMatchObject({
      type: "hello",
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      worker: "busy",
      catalog: 1,
      jobs: [
        { id: running.id, state: "running" },
        { id: waiting.id, state: "queued" },
      ],
    });
    await client.request("/jobs/clear", { method: "POST" });
    await client.request(`/jobs/${running.id}/cancel`, { method: "POST" });
    await client.until(running.id);
    socket.close();
  });

  it("tells two clients the same, in the same order", async () => {
    const [a, b] = [await client.socket(), await client.socket()];
    const job = await client.accepted([emit(500), { class_type: "Picture", inputs: { text: "two" } }]);
    await Promise.all([a.untilEnd(job.id), b.untilEnd(job.id)]);
    await Promise.all([a, b].map((socket) => socket.until((messages) => messages.some(({ type }) => type === "results"))));
    const ofJob = ({ messages }: TestSocket) => messages.filter((message) => message.type === "job" || message.type === "events");
    expect(ofJob(a)).toEqual(ofJob(b));
    expect(inOrder(a, job.id)).toEqual((await client.events(job.id)).events);
    // A batch is one message: many events come in few.
    expect(ofJob(a).length).toBeLessThan(40);
    a.close();
    b.close();
  });

  it("passes on progress, at most once a frame, and previews", async () => {
    const socket = await client.socket();
    const job = await client.accepted([wait(500), { class_type: "Preview", inputs: { count: 20, bytes: 500 } }]);
    await socket.untilEnd(job.id);
    const progress = socket.messages.filter((message) => message.type === "progress");
    expect(progress.length).toBeGreaterThanOrEqual(2);
    expect(progress[0]).toMatchObject({ job: job.id, node: "1", max: 500 });
    expect(socket.previews).toHaveLength(20);
    expect(socket.previews[19]).toMatchObject({ job: job.id, node: "2", value: 20, max: 20, mediaType: "image/png", width: 8 });
    expect(socket.previews[19]!.bytes).toHaveLength(500);
    socket.close();
  });

  it("leaves no gap to a client that goes and comes back again and again", async () => {
    const job = await client.accepted([emit(6000)]);
    const seen: JobEvent[] = [];
    for (let ended = false; !ended;) {
      const socket = await client.socket();
      socket.socket.send(JSON.stringify({ type: "resume", job: job.id, after: seen.length }));
      // Sometimes it is gone before anything came.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      for (const { number, event } of socket.eventsOf(job.id)) {
        // What came before the server had read the request is of no use, as it has a gap before it.
        if (number === seen.length + 1) seen.push(event);
        else expect(number).toBeGreaterThan(seen.length + 1);
      }
      socket.close();
      ended = seen.at(-1)?.type === "done";
    }
    expect(seen).toEqual((await client.events(job.id)).events);
    expect(seen.length).toBeGreaterThan(6000);
  });

  it("sends old events before new ones", async () => {
    const job = await client.accepted([emit(4000)]);
    await client.until(job.id, ({ lastEvent }) => lastEvent > 500);
    const socket = await client.socket();
    socket.socket.send(JSON.stringify({ type: "resume", job: job.id, after: 0 }));
    await socket.untilEnd(job.id);
    const events = socket.eventsOf(job.id);
    const first = events.findIndex(({ number }) => number === 1);
    // From the first old one on, all numbers come in order to the end.
    expect(events.slice(first).map(({ number }) => number)).toEqual(events.slice(first).map((_, i) => i + 1));
    socket.close();
  });

  it("says what it has not", async () => {
    const socket = await client.socket();
    const job = await client.accepted([wait(1)]);
    await client.until(job.id);
    socket.socket.send(JSON.stringify({ type: "resume", job: "nope", after: 0 }));
    socket.socket.send(JSON.stringify({ type: "resume", job: job.id, after: 1_000_000 }));
    socket.socket.send("{");
    await socket.until((messages) => messages.filter(({ type }) => type === "error").length === 3);
    const errors = socket.messages.filter((message) => message.type === "error");
    expect(errors.map(({ code, job: about }) => [code, about])).toEqual([
      ["JOB_UNKNOWN", "nope"],
      ["SOCKET_RESUME", job.id],
      ["SOCKET_MESSAGE", null],
    ]);
    socket.close();
  });

  it("closes on who sends too much, in another form, or nonsense without end", async () => {
    const [large, binary, nonsense] = [await client.socket(), await client.socket(), await client.socket()];
    large.socket.send("x".repeat(64 * 1024 + 1));
    binary.socket.send(Buffer.from("{}"));
    for (let i = 0; i < 40; i++) nonsense.socket.send(`{"type":"nonsense","i":${i}}`);
    expect((await large.untilClosed()).code).toBe(1009);
    expect((await binary.untilClosed()).code).toBe(1003);
    expect((await nonsense.untilClosed()).code).toBe(1008);
    expect(await client.json("/status")).toBeTruthy();
  });

  it("closes on who does not read, and loses nothing by it", async () => {
    const stalled = await stalledSocket();
    const reading = await client.socket();
    // Some 30 MB of events.
    const job = await client.accepted([{ class_type: "Emit", inputs: { events: 15_000, size: 2000 } }]);
    await reading.untilEnd(job.id);
    stalled.resume();
    const closed = await closeCode(stalled);
    expect(closed).toBe(1013);
    const socket = await client.socket();
    socket.socket.send(JSON.stringify({ type: "resume", job: job.id, after: 0 }));
    await socket.untilEnd(job.id);
    expect(inOrder(socket, job.id)).toHaveLength((await client.job(job.id)).lastEvent);
    for (const each of [reading, socket]) each.close();
    stalled.destroy();
  });

  it("keeps back previews from who reads slowly, but the newest", async () => {
    const stalled = await stalledSocket();
    const job = await client.accepted([{ class_type: "Preview", inputs: { count: 150, bytes: 200_000 } }]);
    await client.until(job.id);
    const received = await readFor(stalled, 1500);
    // Of 30 MB, what the system had taken already and the last.
    expect(received).toBeLessThan(20_000_000);
    expect(received).toBeGreaterThan(200_000);
    stalled.destroy();
  });

  it("lets go of who is not there any more", async () => {
    const own = await startTestServer({ heartbeat: 100 });
    const [socket, dead] = [await own.client.socket(), await own.client.socket()];
    // An end that reads nothing answers no ping either.
    dead.socket.pause();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(socket.closed).toBeUndefined();
    dead.socket.resume();
    expect((await dead.untilClosed()).code).toBe(1006);
    socket.close();
    await own.end();
  });

  it("survives whatever it is sent", async () => {
    const message = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({ type: fc.constantFrom("resume", "hello", "job"), job: fc.anything(), after: fc.anything() })
        .map((value) => safeJson(value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 15 }), async (texts) => {
        const socket = await client.socket();
        for (const text of texts) socket.socket.send(text);
        socket.socket.send(JSON.stringify({ type: "resume", job: "last", after: 0 }));
        await socket.until((messages) => messages.some((one) => one.type === "error" && one.job === "last"));
        socket.close();
      }),
      { numRuns: 40 },
    );
  });
});

function safeJson(value: unknown): string {
  try {
    return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
  } catch {
    return "{}";
  }
}

/** A socket, by hand, that reads nothing after the handshake. */
async function stalledSocket(): Promise<Socket> {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(
    `GET /studio/socket HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${server.token}\r\nConnection: Upgrade\r\n` +
      `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
  );
  await new Promise((resolve) => socket.once("data", resolve));
  socket.pause();
  return socket;
}

/** The code of the close frame that a stalled socket is sent last, 1006 when it ends without one. */
async function closeCode(socket: Socket): Promise<number> {
  let tail = Buffer.alloc(0);
  const found = new Promise<number>((resolve) => {
    socket.on("data", (data: Buffer) => {
      tail = Buffer.concat([tail, data]).subarray(-200);
      const at = tail.lastIndexOf(0x88);
      if (at >= 0 && tail.length === at + 2 + tail[at + 1]!) resolve(tail.readUInt16BE(at + 2));
    });
    socket.once("close", () => resolve(1006));
  });
  return found;
}

async function readFor(socket: Socket, milliseconds: number): Promise<number> {
  let length = 0;
  socket.on("data", (data: Buffer) => (length += data.length));
  socket.resume();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return length;
}
