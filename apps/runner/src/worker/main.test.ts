import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { readPngText, type Prompt } from "@patchbay/graph";
import { workerMessageSchema } from "@patchbay/protocol";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ForkedWorker, newSettings, type TimedEvent } from "../testing/forkWorker.js";
import { workerEntry } from "./workerEntry.js";

/** Bars are those of a machine with nothing else to do; here other tests share its cores, and others may wait for them. */
const slack = 3 * Math.max(1, loadavg()[0]! / availableParallelism());

const node = (class_type: string, inputs: Prompt[string]["inputs"]): Prompt[string] => ({ class_type, inputs });

function landscape({ seed = 1n, size = 128, steps = 20 }): Prompt {
  const links: Prompt[string]["inputs"] = { model: ["1", 0], positive: ["2", 0], negative: ["3", 0], latent_image: ["4", 0] };
  return {
    "1": node("CheckpointLoaderSimple", { ckpt_name: "starter.safetensors" }),
    "2": node("CLIPTextEncode", { clip: ["1", 1], text: "a red sailboat on the sea at sunset" }),
    "3": node("CLIPTextEncode", { clip: ["1", 1], text: "" }),
    "4": node("EmptyLatentImage", { width: size, height: size, batch_size: 1 }),
    "5": node("KSampler", { ...links, seed, steps, cfg: 4, sampler_name: "euler", scheduler: "karras", denoise: 1 }),
    "6": node("VAEDecode", { samples: ["5", 0], vae: ["1", 2] }),
    "7": node("SaveImage", { images: ["6", 0], filename_prefix: "land" }),
  };
}

/** EmptyImage → ImageInvert … → PreviewImage, `count` nodes in all. */
function chain(count: number, color: number): Prompt {
  const prompt: Prompt = { "0": node("EmptyImage", { width: 16, height: 16, batch_size: 1, color }) };
  for (let i = 1; i < count - 1; i++) prompt[i] = node("ImageInvert", { image: [`${i - 1}`, 0] });
  prompt[count - 1] = node("PreviewImage", { images: [`${count - 2}`, 0] });
  return prompt;
}

/** Width and height in the header of a PNG. */
function pngSize(bytes: Uint8Array): [width: number, height: number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  expect(view.getUint32(0)).toBe(0x89504e47);
  return [view.getUint32(16), view.getUint32(20)];
}

const of = <Type extends TimedEvent["type"]>(events: readonly TimedEvent[], type: Type): Extract<TimedEvent, { type: Type }>[] =>
  events.filter((event): event is Extract<TimedEvent, { type: Type }> => event.type === type);

/** What a process is, or undefined when there is none; an ended one whose parent hasn't looked yet counts as none. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !existsSync("/proc") || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
}

let worker: ForkedWorker;
beforeAll(async () => {
  worker = new ForkedWorker();
  await worker.ready();
});
afterAll(() => void worker.child.kill("SIGKILL"));

describe("a worker process", () => {
  it("tells of itself: its nodes, and the files there are", async () => {
    const { interfaces, catalog } = await worker.ready();
    expect(interfaces["CheckpointLoaderSimple"]!.input.required!["ckpt_name"]![0]).toBe("COMBO");
    expect(catalog["CheckpointLoaderSimple"]!.input.required!["ckpt_name"]![0]).toContain("starter.safetensors");
  });

  it("makes a picture, with previews on the way, and puts it under its hash", async () => {
    const events = await worker.run(landscape({ seed: 2n ** 64n - 5n }));
    const types = events.map(({ type }) => type).filter((type) => type !== "progress" && type !== "preview");
    expect(types).toEqual(["started", ...Array.from({ length: 7 }, () => ["nodeStarted", "nodeFinished"]).flat(), "result"]);
    expect(of(events, "started")[0]!.nodes).toHaveLength(7);
    const progress = of(events, "progress").filter((event) => event.node === "5");
    expect(progress.at(-1)).toMatchObject({ value: 20, max: 20 });
    const previews = of(events, "preview");
    expect(previews.length).toBeGreaterThan(0);
    for (const { node: id, max, width, height, bytes, mediaType } of previews) {
      expect({ id, max, width, height, mediaType }).toEqual({ id: "5", max: 20, width: 16, height: 16, mediaType: "image/png" });
      expect(pngSize(bytes)).toEqual([16, 16]);
    }
    // Nothing of a node comes after its end.
    const end = events.findIndex((event) => event.type === "nodeFinished" && event.node === "5");
    expect(events.slice(end + 1).some((event) => event.type === "preview" || event.type === "progress")).toBe(false);
    const [file] = of(events, "nodeFinished").at(-1)!.files;
    const bytes = readFileSync(file!.path);
    expect(file).toMatchObject({ filename: "land_00001_.png", type: "output", bytes: bytes.length, width: 128, height: 128 });
    expect(file!.hash).toBe(createHash("sha256").update(bytes).digest("hex"));
    const blob = join(worker.settings.blobDir, file!.hash!.slice(0, 2), file!.hash!);
    expect(readFileSync(blob).equals(bytes)).toBe(true);
    expect(statSync(blob).size).toBe(file!.bytes);
    expect(of(events, "result")[0]!.files).toEqual({ "7": [file] });
  });

  it("computes every run as it asks, and takes no result of another arithmetic", async () => {
    interface Made {
      readonly hash: string;
      readonly ran: number;
      readonly said: string;
      readonly carried: unknown;
    }
    const small = landscape({ seed: 8n, size: 64, steps: 2 });
    const pictureOf = async (precision: "exact" | "small"): Promise<Made> => {
      const events = await worker.run(small, { precision });
      const { hash, path } = of(events, "result")[0]!.files["7"]![0]!;
      const { isa, ...carried } = JSON.parse(readPngText(readFileSync(path)).get("patchbay")!) as { isa: string };
      expect(of(events, "started")[0]!.arithmetic.isa).toBe(isa);
      return { hash: hash!, ran: of(events, "nodeStarted").length, said: of(events, "started")[0]!.arithmetic.precision, carried };
    };
    const version = expect.any(String) as string;
    const exact = await pictureOf("exact");
    // The model and its prompts are there from the runs before.
    expect(exact).toMatchObject({ ran: 4, said: "exact", carried: { precision: "exact", version } });
    const other = await pictureOf("small");
    expect(other).toMatchObject({ ran: 7, said: "small", carried: { precision: "small", version } });
    expect(other.hash).not.toBe(exact.hash);
    expect(await pictureOf("exact")).toEqual({ ...exact, ran: 0 });
    expect(await pictureOf("small")).toEqual({ ...other, ran: 0 });
  });

  it("shows the first picture within a second of the first run", async () => {
    const fresh = new ForkedWorker();
    await fresh.ready();
    const events = await fresh.run(landscape({ seed: 3n }));
    fresh.child.kill("SIGKILL");
    expect(of(events, "preview")[0]!.at).toBeLessThan(1000 * slack);
    expect(events.at(-1)!.at).toBeLessThan(5000 * slack);
  });

  it("runs again only what a change reaches, and makes a file again that is gone", async () => {
    await worker.run(landscape({ seed: 4n }));
    const again = await worker.run(landscape({ seed: 4n }));
    expect(of(again, "nodeStarted")).toEqual([]);
    expect(of(again, "nodeFinished").every(({ cached }) => cached)).toBe(true);
    const changed = await worker.run(landscape({ seed: 5n }));
    expect(of(changed, "nodeStarted").map((event) => event.node)).toEqual(["5", "6", "7"]);
    const hash = of(changed, "result")[0]!.files["7"]![0]!.hash!;
    rmSync(join(worker.settings.blobDir, hash.slice(0, 2), hash));
    const restored = await worker.run(landscape({ seed: 5n }));
    expect(of(restored, "nodeStarted").map((event) => event.node)).toEqual(["7"]);
  });

  it("runs a chain of a thousand nodes in a fraction of a second, and a known one in less", async () => {
    const [made, known]: [number[], number[]] = [[], []];
    for (let color = 0; color < 5; color++) {
      const events = await worker.run(chain(1000, color));
      expect(of(events, "nodeFinished").filter(({ cached }) => !cached)).toHaveLength(1000);
      made.push(events.at(-1)!.at);
      const again = await worker.run(chain(1000, color));
      expect(of(again, "nodeFinished").filter(({ cached }) => cached)).toHaveLength(1000);
      known.push(again.at(-1)!.at);
    }
    expect(Math.min(...made)).toBeLessThan(300 * slack);
    expect(Math.min(...known)).toBeLessThan(30 * slack);
  });

  it("lets a cancel through a long chain of quick nodes", async () => {
    let sent = 0;
    const events = await worker.run(chain(20_000, 3), {
      onEvent: ({ type, run }) => {
        if (type !== "nodeStarted" || sent > 0) return;
        sent = performance.now();
        worker.send({ type: "cancel", run });
      },
    });
    expect(events.at(-1)!.type).toBe("cancelled");
    expect(performance.now() - sent).toBeLessThan(300 * slack);
    expect(of(events, "nodeFinished").length).toBeLessThan(20_000);
  });

  it.each([
    ["loading", "CheckpointLoaderSimple", 0],
    ["encoding a prompt", "CLIPTextEncode", 0],
    ["sampling", "KSampler", 60],
    ["decoding", "VAEDecode", 0],
    ["saving", "SaveImage", 0],
  ])("stops within 300 ms while %s", async (_, type, delay) => {
    const fresh = new ForkedWorker();
    await fresh.ready();
    let sent = 0;
    const events = await fresh.run(landscape({ seed: 6n }), {
      onEvent: (event) => {
        if (event.type !== "nodeStarted" || event.nodeType !== type || sent > 0) return;
        sent = Infinity;
        setTimeout(() => {
          sent = performance.now();
          fresh.send({ type: "cancel", run: event.run });
        }, delay);
      },
    });
    expect(performance.now() - sent).toBeLessThan(300 * slack);
    // The last node may be done before the cancel arrives.
    expect(type === "SaveImage" ? ["cancelled", "result"] : ["cancelled"]).toContain(events.at(-1)!.type);
    const after = await fresh.run(landscape({ seed: 6n, steps: 2 }));
    expect(after.at(-1)!.type).toBe("result");
    fresh.child.kill("SIGKILL");
  });

  it("runs one after another what comes at once, and passes over what was cancelled before its turn", async () => {
    const [first, second, third] = [
      worker.run(landscape({ seed: 7n })),
      worker.run(chain(3, 4), { run: "second" }),
      worker.run(chain(3, 5)),
    ];
    worker.send({ type: "cancel", run: "second" });
    worker.send({ type: "cancel", run: "nobody's" });
    const ends: string[] = [];
    await Promise.all([first, second, third].map(async (run) => ends.push((await run).at(-1)!.type)));
    expect(ends).toEqual(["result", "cancelled", "result"]);
  });

  it("checks a prompt, its files included", async () => {
    const prompt = {
      ...landscape({}),
      "1": node("CheckpointLoaderSimple", { ckpt_name: "none.safetensors" }),
      "8": node("LoadImage", { image: 3 }),
    };
    worker.send({ type: "check", check: "c1", prompt });
    const problems = await worker.next((message) => (message.type === "checked" && message.check === "c1" ? message.problems : undefined));
    expect(problems).toContainEqual(expect.objectContaining({ code: "FILE_NOT_FOUND", path: "nodes.1.inputs.ckpt_name" }));
  });

  it("fails a run that cannot be planned with an error of its own", async () => {
    const events = await worker.run({ "1": node("ImageInvert", { image: ["2", 0] }), "2": node("PreviewImage", { images: ["1", 0] }) });
    expect(events).toMatchObject([{ type: "error", error: { code: "GRAPH_CYCLE", node: null } }]);
  });

  it("tells of files that come, and answers a refresh", async () => {
    const changed = worker.next((message) => (message.type === "catalog" ? message.catalog : undefined));
    writeFileSync(join(worker.settings.inputDir, "new.png"), "");
    expect((await changed)["LoadImage"]!.input.required!["image"]![0]).toEqual(["new.png"]);
    const answer = worker.next((message) => (message.type === "catalog" ? true : undefined));
    worker.send({ type: "refresh" });
    expect(await answer).toBe(true);
  });

  it("has sent nothing but what the contract allows", () => {
    expect(worker.messages.length).toBeGreaterThan(20);
    for (const message of worker.messages) expect(workerMessageSchema.safeParse(message).error).toBeUndefined();
  });
});

describe("the life of a worker process", () => {
  it("ends with a close, after the run in progress", async () => {
    const closing = new ForkedWorker();
    await closing.ready();
    const run = closing.run(landscape({}));
    closing.send({ type: "close" });
    expect((await run).at(-1)!.type).toBe("result");
    expect(await closing.exited).toBe(0);
  });

  it("ends with its parent, though it is in the middle of a run", async () => {
    const settings = newSettings();
    const parent = `
      const { fork } = require("node:child_process");
      const child = fork(${JSON.stringify(workerEntry)}, [process.argv[1]], { serialization: "advanced" });
      child.on("message", (message) => {
        if (message.type === "ready") {
          const prompt = ${JSON.stringify(landscape({ seed: 1 as unknown as bigint, size: 512, steps: 100 }))};
          child.send({ type: "run", run: "r", prompt, workflow: null, targets: null, metadata: true, memoryLimit: null, precision: "exact" });
        }
        if (message.type === "events" && message.events.some(({ type, node }) => type === "progress" && node === "5")) console.log(child.pid);
      });`;
    const process_ = spawn(process.execPath, ["-e", parent, JSON.stringify(settings)], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = await new Promise<number>((resolve) =>
      process_.stdout.once("data", (data: Buffer) => resolve(Number(String(data).split("\n")[0]))),
    );
    expect(isAlive(pid)).toBe(true);
    process_.kill("SIGKILL");
    await expect.poll(() => isAlive(pid), { timeout: 3000, interval: 20 }).toBe(false);
  });

  it("says why it ends when it is asked what it doesn't know", async () => {
    const confused = new ForkedWorker();
    await confused.ready();
    confused.child.send({ type: "dance" });
    expect(await confused.first((message) => (message.type === "fatal" ? message.error.code : undefined))).toBe("WORKER_FAULT");
    expect(await confused.exited).toBe(70);
  });

  it("says why it can't start", async () => {
    const lost = new ForkedWorker(newSettings(), "{}");
    expect(await lost.first((message) => (message.type === "fatal" ? message.error.code : undefined))).toBe("WORKER_FAULT");
    expect(await lost.exited).toBe(70);
  });
});
