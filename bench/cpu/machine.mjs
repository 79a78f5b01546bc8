// The machine that a run is on: what it is, and what it can do at most.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";

/** Instruction sets that tell what the engines can choose among, as Linux names them. */
const telling = ["avx2", "avx_vnni", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "amx_int8"];

const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");

export function describeMachine(threads) {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(read("/proc/cpuinfo"))?.[1].trim().split(" "));
  const hugePages = /\[(\w+)\]/.exec(read("/sys/kernel/mm/transparent_hugepage/enabled"))?.[1] ?? "unknown";
  return [
    cpus()[0]?.model.trim(),
    `${cpus().length} cores`,
    telling.filter((name) => flags.has(name)).join(" ") || process.arch,
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `huge pages: ${hugePages}`,
    `${threads} threads`,
    // What others did just before: figures of a busy machine are worth little.
    `load before: ${loadavg()[0].toFixed(1)}`,
  ].join("; ");
}

/** Operations a second by kind of arithmetic, bytes a second of memory; what could not be measured is missing or null. */
export function measurePeaks(threads) {
  const isa = process.env.PATCHBAY_ISA;
  const program = fileURLToPath(new URL("../kernels/run.sh", import.meta.url));
  const { status, stdout } = spawnSync("sh", [program, "--peak", String(threads), ...(isa ? [isa] : [])], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status === 0) return JSON.parse(stdout);
  process.stderr.write("The machine's peaks could not be measured: figures stand without their share of them.\n");
  return {};
}
