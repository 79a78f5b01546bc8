import fc from "fast-check";
import type { Job, JobEvent, JobFile, ServerMessage } from "@patchbay/protocol";
import { isFinal } from "@patchbay/protocol";
import { describe, expect, it, vi } from "vitest";
import { JobFollower } from "./followJobs.js";
import { createRunStore, type RunState } from "./runStore.js";

const file = (hash: string): JobFile => ({
  node: "3",
  kind: "images",
  filename: `${hash}.png`,
  subfolder: "",
  type: "output",
  hash,
  bytes: 1,
  mediaType: "image/png",
  width: 8,
  height: 4,
});

/** A server of which a client hears only what is sent while it is connected. */
class FakeServer {
  readonly jobs = new Map<string, { job: Job; events: JobEvent[] }>();
  readonly store = createRunStore();
  readonly follower: JobFollower;
  #connected = false;
  #frames: (() => void)[] = [];

  constructor() {
    this.follower = new JobFollower({
      store: this.store,
      fetchJob: (id) => Promise.resolve(this.#of(id).job),
      fetchEvents: (id, after) => Promise.resolve({ first: after + 1, events: this.#of(id).events.slice(after) }),
      onCatalog: () => undefined,
      onResults: () => undefined,
      nextFrame: (callback) => void this.#frames.push(callback),
    });
    this.follower.attach({
      resume: (id, after) => {
        const events = this.#of(id).events.slice(after);
        if (this.#connected && events.length > 0) this.follower.message({ type: "events", job: id, first: after + 1, events });
      },
      close: () => undefined,
    });
  }

  #of(id: string): { job: Job; events: JobEvent[] } {
    const found = this.jobs.get(id);
    if (!found) throw new Error(`no job ${id}`);
    return found;
  }

  connect(): void {
    this.#connected = true;
    const jobs = [...this.jobs.values()].map(({ job }) => job).filter(({ state }) => !isFinal(state));
    this.#send({ type: "hello", version: "1", server: "s", worker: "idle", catalog: 1, jobs });
  }

  disconnect(): void {
    this.#connected = false;
  }

  accept(id: string): Job {
    const job: Job = {
      id,
      number: this.jobs.size + 1,
      title: id,
      state: "queued",
      attempt: 0,
      createdAt: 0,
      startedAt: null,
      endedAt: null,
      arithmetic: null,
      error: null,
      lastEvent: 0,
      files: [],
    };
    this.jobs.set(id, { job, events: [] });
    this.#send({ type: "job", job });
    this.tell(id, { type: "queued", at: 0 });
    return job;
  }

  tell(id: string, ...events: JobEvent[]): void {
    const entry = this.#of(id);
    const first = entry.events.length + 1;
    entry.events.push(...events);
    for (const { type } of events) {
      const state = ({ started: "running", queued: "queued", requeued: "queued" } as Record<string, Job["state"]>)[type] ?? type;
      if (["running", "queued", "done", "failed", "cancelled", "cancelling"].includes(state))
        entry.job = { ...entry.job, state: state as Job["state"] };
    }
    this.#send({ type: "events", job: id, first, events });
  }

  frame(): void {
    const frames = this.#frames;
    this.#frames = [];
    for (const draw of frames) draw();
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 6; i++) await Promise.resolve();
    this.frame();
  }

  #send(message: ServerMessage): void {
    if (this.#connected) this.follower.message(message);
  }
}

const wholeRun = (hash: string): JobEvent[] => [
  { type: "started", at: 1, attempt: 1, nodes: ["1", "2", "3"] },
  { type: "nodeFinished", node: "1", cached: true, seconds: 0, files: [] },
  { type: "nodeStarted", node: "2" },
  { type: "nodeFinished", node: "2", cached: false, seconds: 0.5, files: [] },
  { type: "nodeStarted", node: "3" },
  { type: "nodeFinished", node: "3", cached: false, seconds: 0.1, files: [file(hash)] },
  { type: "done", at: 2, seconds: 1 },
];

const seen = ({ shown, shownState, nodes, pictures, done, total }: RunState): unknown => ({
  shown,
  shownState,
  nodes,
  pictures,
  done,
  total,
});

describe("following jobs", () => {
  it("shows a run from its start to its picture, once a frame", () => {
    const server = new FakeServer();
    server.connect();
    server.follower.add(server.accept("a"));
    const changed = vi.fn<() => void>();
    server.tell("a", ...wholeRun("aa").slice(0, 3));
    server.store.subscribe(changed);
    server.frame();
    expect(changed).toHaveBeenCalledTimes(1);
    expect(server.store.getState()).toMatchObject({
      shown: "a",
      shownState: "running",
      done: 1,
      total: 3,
      nodes: { 1: { state: "cached" }, 2: { state: "running" } },
    });
    server.follower.message({ type: "progress", job: "a", node: "2", value: 3, max: 9 });
    server.tell("a", ...wholeRun("aa").slice(3));
    server.frame();
    expect(server.store.getState()).toMatchObject({
      shownState: "done",
      done: 3,
      pictures: { 3: { width: 8, height: 4, files: [{ hash: "aa" }] } },
      queue: [],
    });
  });

  it("says what the shown run is computed with, once it has begun", () => {
    const server = new FakeServer();
    server.connect();
    server.follower.add(server.accept("a"));
    server.frame();
    expect(server.store.getState().arithmetic).toBeNull();
    const arithmetic = { precision: "exact", isa: "avx2" } as const;
    const [, ...rest] = wholeRun("aa");
    server.tell("a", { type: "started", at: 1, attempt: 1, nodes: ["1", "2", "3"], arithmetic }, ...rest);
    server.frame();
    expect(server.store.getState()).toMatchObject({ shown: "a", shownState: "done", arithmetic });
    server.follower.add(server.accept("b"));
    server.frame();
    expect(server.store.getState()).toMatchObject({ shown: "b", arithmetic: null });
  });

  it("goes on to the next of its jobs, also when both change within one frame", () => {
    const server = new FakeServer();
    server.connect();
    for (const id of ["a", "b"]) server.follower.add(server.accept(id));
    server.tell("a", ...wholeRun("aa"));
    server.tell("b", ...wholeRun("bb").slice(0, 2));
    server.frame();
    expect(server.store.getState()).toMatchObject({ shown: "b", shownState: "running", done: 1 });
    server.tell("b", ...wholeRun("bb").slice(2));
    server.frame();
    expect(server.store.getState().pictures["3"]?.files[0]?.hash).toBe("bb");
  });

  it("shows nothing of the jobs of other graphs but their place in the queue", () => {
    const server = new FakeServer();
    server.connect();
    server.accept("other");
    server.tell("other", ...wholeRun("xx").slice(0, 3));
    server.frame();
    expect(server.store.getState()).toMatchObject({ shown: null, nodes: {}, queue: [{ id: "other", state: "running" }] });
    server.tell("other", { type: "cancelled", at: 3 });
    expect(server.store.getState().queue).toEqual([]);
  });

  it("comes to the same whenever the connection broke, however often", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom("next", "next", "next", "break", "join", "frame"), { maxLength: 60 }), async (steps) => {
        const [server, steady] = [new FakeServer(), new FakeServer()];
        for (const one of [server, steady]) {
          one.connect();
          for (const id of ["a", "b"]) one.follower.add(one.accept(id));
        }
        const script = [...wholeRun("aa").map((event) => ["a", event] as const), ...wholeRun("bb").map((event) => ["b", event] as const)];
        const next = (): void => {
          const entry = script.shift();
          if (!entry) return;
          server.tell(entry[0], entry[1]);
          steady.tell(entry[0], entry[1]);
        };
        let connected = true;
        for (const step of steps) {
          if (step === "next") next();
          else if (step === "frame") server.frame();
          else if (step === "break") {
            server.disconnect();
            connected = false;
          } else if (!connected) {
            server.connect();
            connected = true;
          }
          await server.settle();
        }
        while (script.length > 0) next();
        if (!connected) server.connect();
        await server.settle();
        await steady.settle();
        expect(seen(server.store.getState())).toEqual(seen(steady.store.getState()));
        expect(server.store.getState()).toMatchObject({ shown: "b", shownState: "done", queue: [] });
      }),
      { numRuns: 150 },
    );
  });

  it("opens what a graph was run as, and forgets it with the graph", async () => {
    const server = new FakeServer();
    server.accept("a");
    server.tell("a", ...wholeRun("aa"));
    server.connect();
    await server.follower.open(["a"]);
    expect(server.store.getState()).toMatchObject({ shown: "a", shownState: "done", pictures: { 3: { files: [{ hash: "aa" }] } } });
    await server.follower.open([]);
    expect(server.store.getState()).toMatchObject({ shown: null, nodes: {}, pictures: {} });
  });

  it("lays a failure on its node, and what is inside a subgraph on its card", () => {
    const server = new FakeServer();
    server.connect();
    server.follower.add(server.accept("a"));
    const error = { code: "NODE_FAILED", message: "It broke", node: "2:7", nodeType: "X" };
    server.tell("a", { type: "started", at: 1, attempt: 1, nodes: ["1", "2:7"] }, { type: "failed", at: 2, error });
    server.frame();
    expect(server.store.getState()).toMatchObject({
      shownState: "failed",
      nodes: { 2: { state: "failed" } },
      problems: { 2: [{ message: "It broke" }] },
    });
  });
});
