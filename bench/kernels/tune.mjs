// `npm run tune:kernels -- [--isa NAMES] [--only NAMES] [--threads 2] [--rounds 3] [--write]`: measures other register tiles and blockings
// than those of native/cpu/blocking.def, one after another, and with --write puts those that are faster into the table. Nothing else should
// run meanwhile.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { changeBlocking, readBlockings } from "./blockings.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const bindings = join(here, "..", "..", "packages", "engine-bindings");
const table = join(bindings, "native", "cpu", "blocking.def");
const scratch = join(here, "build", "tune");

/** The kernels that a value matters for, by the beginning of its name. */
const families = [
  {
    names: /^k(TileRows|Gemm|Block|Group)/,
    kernels: ["linear 8192x320x2560 f16", "linear 2048x640x5120 f16", "linear 512x1280x10240 f16", "linear 8192x1280x320 f16"],
  },
  {
    names: /^kWinograd/,
    kernels: [
      "conv 2x 64x64 320->320 3x3/1 f16",
      "conv 2x 32x32 640->640 3x3/1 f16",
      "conv 2x 16x16 1280->1280 3x3/1 f16",
      "conv 1x 256x256 256->256",
      "conv 1x 64x64 512->512",
    ],
  },
  {
    names: /^kAttention/,
    kernels: ["attention B=2 L=4096,4096 H=8", "attention B=2 L=1024", "attention B=2 L=256", "attention B=1 L=4096"],
  },
];
/** How the kernels of a column are asked for, and which of its values are used. */
const columns = {
  generic: { used: /./, format: "stored", method: "winograd" },
  avx2: { used: /./, format: "stored", method: "winograd" },
  avx512: { used: /./, format: "stored", method: "winograd" },
  avx512vnni: { used: /^k(TileRows|Gemm|Block|Group)/, format: "quads", method: "automatic" },
  avx512bf16: { used: /./, format: "pairs", method: "winogradPairs" },
};
/** A change has to gain as much. */
const LEAST_GAIN = 0.01;

const { values: options } = parseArgs({
  options: {
    isa: { type: "string", default: Object.keys(columns).join(",") },
    only: { type: "string", default: "k" },
    threads: { type: "string", default: "2" },
    rounds: { type: "string", default: "3" },
    write: { type: "boolean", default: false },
  },
});

rmSync(scratch, { recursive: true, force: true });
mkdirSync(scratch, { recursive: true });
let text = readFileSync(table, "utf8");
for (const isa of options.isa.split(",")) {
  if (!columns[isa]) throw new Error(`--isa must be among ${Object.keys(columns).join(", ")}, not "${isa}"`);
  for (const { name, values } of readBlockings(text)) {
    if (!columns[isa].used.test(name) || !options.only.split(",").some((part) => name.includes(part))) continue;
    const best = await tuneValue(isa, name, values[isa]);
    if (best === values[isa]) continue;
    text = changeBlocking(text, name, isa, best);
    if (options.write) writeFileSync(table, text);
  }
}
process.stdout.write(options.write ? `${table} holds the fastest.\n` : text);

/** The fastest value; the present one unless another is clearly faster. */
async function tuneValue(isa, name, present) {
  const candidates = [present, ...othersThan(name, present)];
  const programs = [];
  for (const value of candidates) {
    const program = await build(isa, changeBlocking(text, name, isa, value), `${isa}-${name}-${value}`);
    if (program) programs.push({ value, program, times: new Map() });
  }
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { program, times } of programs) {
      for (const [kernel, ms] of measure(program, isa, name)) times.set(kernel, Math.min(ms, times.get(kernel) ?? Infinity));
    }
  }
  const [{ times: usual }] = programs;
  const judged = programs.map(({ value, times }) => {
    const logs = [...times].map(([kernel, ms]) => Math.log(ms / usual.get(kernel)));
    return { value, ratio: Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length) };
  });
  const best = judged.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  const chosen = best.ratio < 1 - LEAST_GAIN ? best.value : present;
  const ratios = judged.map(({ value, ratio }) => `${value}: ${ratio.toFixed(3)}`).join(", ");
  process.stdout.write(`${isa} ${name}: ${ratios} of the time → ${chosen}\n`);
  return chosen;
}

function othersThan(name, value) {
  if (name === "kTileRows") return [-4, -2, -1, 1].map((step) => value + step).filter((rows) => rows >= 2);
  return [1 / 2, 2 / 3, 3 / 2, 2].map((factor) => Math.max(1, Math.round(value * factor)));
}

/** The benchmark with one instruction set's kernels compiled for another table; undefined where that can't be compiled. */
async function build(isa, changed, name) {
  const { compiler, units } = addonUnits();
  const folder = join(scratch, name);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "blocking.def");
  writeFileSync(file, changed);
  const kept = units.filter(({ object }) => /-cpu-|^cpu-|-core-|^core-(threadPool|error)/.test(object));
  const mine = kept.filter(({ object }) => object.startsWith(`${isa}-`));
  const queue = [...mine];
  let whole = true;
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let unit = queue.shift(); unit; unit = queue.shift()) {
        const args = [...unit.args, `-DPATCHBAY_BLOCKING_TABLE="${file}"`, "-o", join(folder, unit.object)];
        whole &&= await new Promise((done) => spawn(compiler, args, { stdio: "ignore" }).on("exit", (code) => done(code === 0)));
      }
    }),
  );
  const objects = kept.map((unit) => (mine.includes(unit) ? join(folder, unit.object) : unit.path));
  const program = join(folder, basename(name));
  if (whole && spawnSync(compiler, ["-std=c++17", "-O3", join(here, "kernels.cc"), ...objects, "-o", program, "-pthread"]).status === 0)
    return program;
  process.stdout.write(`${name} can't be compiled.\n`);
  return undefined;
}

function addonUnits() {
  const { status, stdout } = spawnSync(process.execPath, [join(bindings, "build.mjs"), "--print-units"], {
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error("The addon could not be built.");
  return JSON.parse(stdout);
}

/** Best milliseconds of each kernel that a value matters for. */
function measure(program, isa, name) {
  const { kernels } = families.find(({ names }) => names.test(name));
  const { format, method } = columns[isa];
  const winogradPairs = method === "winogradPairs" && name.startsWith("kWinograd");
  const args = [isa, options.threads, kernels.join("|"), method, winogradPairs ? "stored" : format];
  const { stdout, status } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${stdout}`);
  return [...stdout.matchAll(/^(.+?) +[\d.]+ ms +best +([\d.]+)/gm)].map(([, kernel, ms]) => [kernel, Number(ms)]);
}
