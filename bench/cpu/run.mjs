// `npm run bench:cpu [-- --peers] [--threads N] [--repeat N] [--only TEXT]`: see bench/README.md.
import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { parseArgs } from "node:util";
import { startOurs } from "./ours.mjs";
import { startPeer } from "./peer.mjs";

const { values } = parseArgs({
  options: {
    peers: { type: "boolean", default: false },
    threads: { type: "string", default: "2" },
    repeat: { type: "string", default: "3" },
    only: { type: "string", default: "" },
  },
});
const threads = Number(values.threads);

/** Multiplications and additions of each workload: two UNet passes at 512² are 1.61 TFLOP, a decode 2.51; both nearly scale with pixels. */
const workloads = [
  { name: "unet 512", teraflop: 1.61 },
  { name: "unet 256", teraflop: 0.38 },
  { name: "vae decode 512", teraflop: 2.51 },
  { name: "vae decode 256", teraflop: 0.62 },
].filter(({ name }) => name.includes(values.only));

/** Resident peak of a process in bytes, from Linux's account of it. */
function peakResident(pid = "self") {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return found ? Number(found[1]) * 1024 : NaN;
}

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const seconds = (milliseconds) => (milliseconds / 1000).toFixed(2);

const engines = [await startOurs(threads), ...(values.peers ? [await startPeer(threads)] : [])];
process.stdout.write(`${cpus()[0]?.model.trim()}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(0)} GiB; ${threads} threads\n`);
for (const { engine } of engines) process.stdout.write(`- ${engine}\n`);
process.stdout.write("\n| workload | engine | best s | median s | GFLOP/s | ratio of best to ours |\n|---|---|---|---|---|---|\n");
for (const { name, teraflop } of workloads) {
  for (const engine of engines) await engine.measure(name); // packs weights, fills caches
  const times = engines.map(() => []);
  for (let i = 0; i < Number(values.repeat); i++) {
    for (const [at, engine] of engines.entries()) times[at].push(await engine.measure(name));
  }
  for (const [at, { engine }] of engines.entries()) {
    const best = Math.min(...times[at]);
    const rate = ((teraflop * 1e12) / (best / 1000) / 1e9).toFixed(0);
    const ratio = (best / Math.min(...times[0])).toFixed(2);
    process.stdout.write(`| ${name} | ${engine.split(",")[0]} | ${seconds(best)} | ${seconds(median(times[at]))} | ${rate} | ${ratio} |\n`);
  }
}
process.stdout.write(`\nPeak resident memory: ours ${(peakResident() / 2 ** 20).toFixed(0)} MB`);
if (engines[1]) process.stdout.write(`, peer ${(peakResident(engines[1].pid) / 2 ** 20).toFixed(0)} MB`);
process.stdout.write(`; our engine's own account: peak ${(engines[0].memory().peak / 2 ** 20).toFixed(0)} MB\n`);
engines[1]?.stop();
