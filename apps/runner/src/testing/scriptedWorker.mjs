// A worker process whose nodes do what the tests need and a real one can't be made to do: die, hang, flood. It speaks the protocol of
// packages/protocol (worker.ts) and keeps the order of events that a real worker keeps.
//
// Nodes (all output nodes): Wait {ms}, Emit {events, size}, Picture {text}, Show {text}, Fail, Die, DieOnce {marker}, Deaf {ms}, Preview {count, bytes},
// Stale, Garbage, Bound (warns of the memory limit); and Name {file}, a combo over the names in the input folder.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const settings = JSON.parse(process.argv[2]);
const text = { multiline: false, default: "" };
const node = (name, required) => ({
  input: { required },
  output: ["*"],
  output_name: ["any"],
  name,
  display_name: name,
  description: "",
  python_module: "nodes",
  category: "testing",
  output_node: true,
});
const int = ["INT", { default: 0, min: 0, max: 10_000_000 }];
const interfaces = Object.fromEntries(
  [
    node("Wait", { ms: int }),
    node("Emit", { events: int }),
    node("Picture", { text: ["STRING", text] }),
    node("Show", { text: ["STRING", text] }),
    node("Fail", {}),
    node("Die", {}),
    node("DieOnce", { marker: ["STRING", text] }),
    node("Deaf", { ms: int }),
    node("Preview", { count: int, bytes: int }),
    node("Stale", {}),
    node("Garbage", {}),
    node("Bound", {}),
    node("Name", { file: ["COMBO", {}] }),
  ].map((entry) => [entry.name, entry]),
);

const files = () => (existsSync(settings.inputDir) ? readdirSync(settings.inputDir).filter((name) => !name.startsWith(".")) : []).sort();
const catalog = () => ({ ...interfaces, Name: node("Name", { file: ["COMBO", { options: files() }] }) });
const cancelled = new Set();
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let pictures = 0;

function send(message) {
  if (process.connected) process.send(message);
}

function save(node, type, content) {
  const bytes = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.from(content)]);
  const hash = createHash("sha256").update(bytes).digest("hex");
  mkdirSync(join(settings.blobDir, hash.slice(0, 2)), { recursive: true });
  writeFileSync(join(settings.blobDir, hash.slice(0, 2), hash), bytes);
  const folder = type === "output" ? settings.outputDir : settings.tempDir;
  const filename = `${type}_${process.pid}_${++pictures}.png`;
  writeFileSync(join(folder, filename), bytes);
  return { kind: "images", filename, subfolder: "", type, path: join(folder, filename), hash, bytes: bytes.length, width: 8, height: 8 };
}

async function run({ run, prompt, precision, memoryLimit }) {
  const nodes = Object.keys(prompt);
  const all = {};
  const tell = (...events) => send({ type: "events", events: events.map((event) => ({ run, ...event })) });
  tell({
    type: "started",
    nodes: nodes.map((id) => ({ node: id, nodeType: prompt[id].class_type })),
    arithmetic: { precision, isa: "scripted" },
  });
  for (const id of nodes) {
    const { class_type: nodeType, inputs } = prompt[id];
    const about = { node: id, nodeType };
    tell({ type: "nodeStarted", ...about });
    let saved = [];
    if (nodeType === "Wait") {
      for (let left = inputs.ms; left > 0 && !cancelled.has(run); left -= 20) {
        tell({ type: "progress", node: id, value: inputs.ms - left, max: inputs.ms });
        await sleep(Math.min(20, left));
      }
    } else if (nodeType === "Emit") {
      for (let sent = 0; sent < inputs.events;) {
        const batch = Array.from({ length: Math.min(50, inputs.events - sent) }, (_, i) => ({
          type: "warning",
          node: id,
          message: `event ${sent + i} ${"x".repeat(inputs.size ?? 100)}`,
        }));
        sent += batch.length;
        tell(...batch);
        await sleep(1);
      }
    } else if (nodeType === "Picture") saved = [save(id, "output", inputs.text)];
    else if (nodeType === "Show") saved = [save(id, "temp", inputs.text)];
    else if (nodeType === "Fail") {
      tell({ type: "error", error: { code: "NODE_FAILED", message: "It was told to fail", node: id, nodeType } });
      return;
    } else if (nodeType === "Die") process.kill(process.pid, "SIGKILL");
    else if (nodeType === "DieOnce" && !existsSync(inputs.marker)) {
      writeFileSync(inputs.marker, "");
      process.kill(process.pid, "SIGKILL");
    } else if (nodeType === "Deaf") await sleep(inputs.ms);
    else if (nodeType === "Preview") {
      for (let i = 0; i < inputs.count; i++) {
        const picture = { mediaType: "image/png", width: 8, height: 8, bytes: new Uint8Array(inputs.bytes) };
        tell({ type: "preview", node: id, value: i + 1, max: inputs.count, ...picture });
        await sleep(2);
      }
    } else if (nodeType === "Stale") {
      const stale = run.replace(/\d+$/, (attempt) => String(Number(attempt) - 1));
      send({ type: "events", events: [{ type: "result", run: stale, seconds: 0, files: {} }] });
    } else if (nodeType === "Garbage") send({ type: "events", events: [{ type: "nodeFinished", run, node: 7 }] });
    else if (nodeType === "Bound") tell({ type: "warning", node: id, message: `${memoryLimit}` });
    if (cancelled.has(run) && nodeType !== "Deaf") {
      tell({ type: "cancelled" });
      return;
    }
    if (saved.length > 0) all[id] = saved;
    tell({ type: "nodeFinished", ...about, cached: false, seconds: 0.001, files: saved });
  }
  tell({ type: "result", seconds: 0.01, files: all });
}

process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => undefined);
process.on("message", (request) => {
  if (request.type === "run") void run(request);
  else if (request.type === "cancel") cancelled.add(request.run);
  else if (request.type === "refresh") send({ type: "catalog", catalog: catalog() });
  else if (request.type === "close") process.exit(0);
  else if (request.type === "check") {
    const known = new Set(files());
    const problems = Object.entries(request.prompt)
      .filter(([, { class_type, inputs }]) => class_type === "Name" && !known.has(inputs.file))
      .map(([id, { inputs }]) => ({
        code: "FILE_NOT_FOUND",
        path: `nodes.${id}.inputs.file`,
        nodeType: "Name",
        message: `no ${inputs.file}`,
      }));
    send({ type: "checked", check: request.check, problems });
  }
});
send({ type: "ready", interfaces, catalog: catalog() });
