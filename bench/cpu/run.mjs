// `npm run bench:cpu [-- --peers] [--engines torch-fp32,…] [--ops] [--threads N] [--repeat N] [--only TEXT]`: see bench/README.md.
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { startOurs } from "./ours.mjs";
import { startPeer } from "./peer.mjs";

const { values } = parseArgs({
  options: {
    peers: { type: "boolean", default: false },
    /** Which peers, with --peers. */
    engines: { type: "string", default: "torch-fp32,openvino-fp32,torch-bf16,openvino-bf16" },
    ops: { type: "boolean", default: false },
    threads: { type: "string", default: "2" },
    repeat: { type: "string", default: "3" },
    only: { type: "string", default: "" },
  },
});
const threads = Number(values.threads);

/** Multiplications and additions of each workload in 10^12, where they are known. */
const workloads = [
  { name: "starter picture" },
  { name: "unet 256", teraflop: 0.38 },
  { name: "unet 512", teraflop: 1.61 },
  { name: "vae decode 256", teraflop: 0.62 },
  { name: "vae decode 512", teraflop: 2.51 },
  { name: "vae encode 512", teraflop: 1.12 },
  { name: "clip text", teraflop: 0.0133 },
].filter(({ name }) => name.includes(values.only));

const print = (line = "") => process.stdout.write(`${line}\n`);
const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(2);

/** An engine without what is the same in all runs: its name, version and precision. */
function shortName(engine) {
  const parts = engine.split(", ");
  return [parts[0], /\b(fp32|bf16)\b/.exec(parts.at(-1))?.[1]].filter(Boolean).join(" ");
}

/** Resident peak of a process in MB, from Linux's account of it. */
function peakResident(pid = "self") {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return found ? (Number(found[1]) / 1024).toFixed(0) : "?";
}

async function measureAll(engines) {
  print("| workload | engine | best s | median s | GFLOP/s | time over ours |");
  print("|---|---|---|---|---|---|");
  for (const { name, teraflop } of workloads) {
    const able = engines.filter(({ has }) => has(name));
    for (const engine of able) await engine.measure(name); // packs weights, fills caches
    const times = able.map(() => []);
    for (let i = 0; i < Number(values.repeat); i++) {
      for (const [at, engine] of able.entries()) times[at].push(await engine.measure(name));
    }
    for (const [at, { engine }] of able.entries()) {
      const best = Math.min(...times[at]);
      const rate = teraflop ? ((teraflop * 1e6) / best).toFixed(0) : "";
      print(
        `| ${name} | ${shortName(engine)} | ${seconds(best)} | ${seconds(median(times[at]))} | ${rate} | ${(best / Math.min(...times[0])).toFixed(2)} |`,
      );
    }
  }
}

/** Time by kind of op: how much of it, and how fast. */
function printOps(profile) {
  const kinds = new Map();
  for (const { op, milliseconds, flops } of profile) {
    const kind = kinds.get(op) ?? { count: 0, milliseconds: 0, flops: 0 };
    kinds.set(op, { count: kind.count + 1, milliseconds: kind.milliseconds + milliseconds, flops: kind.flops + flops });
  }
  const total = profile.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  print("\n| op of a UNet step at 512² | ops | ms | share | GFLOP/s |");
  print("|---|---|---|---|---|");
  for (const [op, { count, milliseconds, flops }] of [...kinds].sort((a, b) => b[1].milliseconds - a[1].milliseconds)) {
    const rate = flops ? (flops / milliseconds / 1e6).toFixed(0) : "";
    print(`| ${op} | ${count} | ${milliseconds.toFixed(0)} | ${((100 * milliseconds) / total).toFixed(1)} % | ${rate} |`);
  }
}

const ours = await startOurs(threads);
// One after another: two that install at once would be in each other's way.
const peers = [];
for (const name of values.peers ? values.engines.split(",") : []) {
  const [engine, precision] = name.split("-");
  peers.push(await startPeer(engine, precision, threads));
}
print(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; ${threads} threads\n`);
for (const { engine } of [ours, ...peers]) print(`- ${engine}`);
print();
await measureAll([ours, ...peers]);
print(
  `\nPeak resident memory, MB: ours ${peakResident()}${peers.map(({ engine, pid }) => `; ${shortName(engine)} ${peakResident(pid)}`).join("")}.`,
);
if (values.ops) printOps(await ours.profile());
for (const peer of peers) peer.stop();
