// Measures the runner: how long from the POST of a job to its last event on the socket, with a real server, database and worker process.
//
//   node bench/runner/run.mjs [--nodes 2,200,1000,100000] [--repeat 5]
//
// A chain is EmptyImage 16×16, then ImageInvert again and again, then PreviewImage. "cold" starts with a colour that no run before had, so every
// node is computed; "cached" is the same job again. Beside it stands what the disk takes to make a small write durable.
import { Agent, request } from "node:http";
import { spawn } from "node:child_process";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { once } from "node:events";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

// The server's own socket library: the bench has no dependencies.
const { WebSocket } = createRequire(new URL("../../apps/runner/package.json", import.meta.url))("ws");
const program = fileURLToPath(new URL("../../apps/cli/bin/patchbay.js", import.meta.url));

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "2,200,1000,100000" },
    repeat: { type: "string", default: "5" },
    data: { type: "string" },
  },
});
const repeat = Number(values.repeat);

const dataDir = mkdtempSync(join(values.data ?? tmpdir(), "patchbay-bench-"));
const started = performance.now();
// A process of its own, as in life: what the client does isn't counted. Without models there is no first picture to wait for.
const server = spawn(process.execPath, [program, "start", "--port", "0", "--data", dataDir, "--models", dataDir, "--no-open"]);
server.stderr.pipe(process.stderr);
const exited = new Promise((resolve) => server.once("exit", resolve));
const [line] = await once(server.stdout.setEncoding("utf8"), "data");
const url = new URL(/^Patchbay is at (\S+)/.exec(line)[1]);
const listening = performance.now() - started;
const base = url.origin;
const authorization = `Bearer ${url.searchParams.get("token")}`;

const socket = new WebSocket(`${base.replace("http", "ws")}/studio/socket`, { headers: { authorization } });
const endings = new Map();
const endOf = (job) => new Promise((resolve) => endings.set(job, resolve));
const early = new Map();
socket.on("message", (data, isBinary) => {
  if (isBinary) return;
  const message = JSON.parse(data);
  if (message.type !== "events") return;
  const last = message.events.at(-1);
  if (!["done", "failed", "cancelled", "quarantined"].includes(last.type)) return;
  const end = { last, at: performance.now(), events: message.first + message.events.length - 1 };
  const waiting = endings.get(message.job);
  if (waiting) waiting(end);
  else early.set(message.job, end);
});
await new Promise((resolve) => socket.once("open", resolve));
await fetch(`${base}/studio/catalog`, { headers: { authorization } });
const ready = performance.now() - started;

function chain(length, color) {
  const prompt = { 1: { class_type: "EmptyImage", inputs: { width: 16, height: 16, batch_size: 1, color } } };
  for (let i = 2; i < length; i++) prompt[i] = { class_type: "ImageInvert", inputs: { image: [String(i - 1), 0] } };
  prompt[length] = { class_type: "PreviewImage", inputs: { images: [String(length - 1), 0] } };
  return JSON.stringify({ prompt });
}

const agent = new Agent({ keepAlive: true });

/** By node:http, whose own work is a fraction of fetch's: both cores are the server's and the worker's. */
function post(body) {
  return new Promise((done, failed) => {
    const headers = { authorization, "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(`${base}/studio/jobs`, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (text += part));
      response.on("end", () => done({ status: response.statusCode, answer: JSON.parse(text) }));
    });
    sent.on("error", failed);
    sent.end(body);
  });
}

async function run(body) {
  const start = performance.now();
  const { status, answer } = await post(body);
  const accepted = performance.now() - start;
  if (status !== 201) throw new Error(JSON.stringify(answer).slice(0, 500));
  const end = early.get(answer.id) ?? (await endOf(answer.id));
  if (end.last.type !== "done") throw new Error(JSON.stringify(end.last));
  return { accepted, total: end.at - start, events: end.events };
}

function median(list) {
  return [...list].sort((a, b) => a - b)[list.length >> 1];
}

/** Milliseconds of an append of one page that is durable when it returns. */
function syncCost() {
  const file = openSync(join(dataDir, "sync"), "w");
  const times = [];
  for (let i = 0; i < 200; i++) {
    const start = performance.now();
    writeSync(file, Buffer.alloc(4096, i), 0, 4096, i * 4096);
    fdatasyncSync(file);
    times.push(performance.now() - start);
  }
  closeSync(file);
  return median(times);
}

const sync = syncCost();
const rows = [];
let color = 1;
await run(chain(2, color++));
for (const length of values.nodes.split(",").map(Number)) {
  const times = length > 10_000 ? 1 : repeat;
  const [cold, cached] = [[], []];
  for (let i = 0; i < times; i++) {
    const body = chain(length, color++);
    cold.push(await run(body));
    cached.push(await run(body));
  }
  const row = (name, list) => [
    `${length} nodes, ${name}`,
    median(list.map(({ accepted }) => accepted)).toFixed(1),
    median(list.map(({ total }) => total)).toFixed(1),
    Math.min(...list.map(({ total }) => total)).toFixed(1),
    String(list[0].events),
  ];
  rows.push(row("cold", cold), row("cached", cached));
}

console.log(`${cpus().length} cores, ${cpus()[0].model}; Node ${process.version}; median of ${repeat}, ms`);
console.log(
  `listening after ${listening.toFixed(0)} ms, nodes known after ${ready.toFixed(0)} ms; one durable 4 KiB append: ${sync.toFixed(2)} ms\n`,
);
const table = [["job", "POST → 201", "POST → last event", "best", "events"], ...rows];
const widths = table[0].map((_, i) => Math.max(...table.map((row) => row[i].length)));
const lineOf = (row) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(" | ")} |`;
console.log([lineOf(table[0]), `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...rows.map(lineOf)].join("\n"));

socket.close();
server.kill("SIGTERM");
await exited;
rmSync(dataDir, { recursive: true, force: true });
