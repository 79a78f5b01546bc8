// Builds the native engine with nothing but a C++17 compiler: `node build.mjs`.
// Objects are kept by the hash of what they are made from, so a second call with nothing changed does nothing.
//   --kernel-test       builds and runs the tests of the kernels instead
//   --sanitize=KIND     address, undefined or thread: builds into a folder of its own
//   --print-addon       prints the addon's path
//   --print-units       builds, then prints as JSON how each object was compiled
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const native = join(here, "native");
const options = process.argv.slice(2);
const kernelTest = options.includes("--kernel-test");
const sanitizer = options.find((option) => option.startsWith("--sanitize="))?.slice("--sanitize=".length);
const build = join(here, "build", ...(sanitizer ? [sanitizer] : []));
const addon = join(build, "patchbay.node");
const part = `.${process.pid}.part`; // two builds at a time don't write to the same file

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

if (sanitizer && !["address", "undefined", "thread"].includes(sanitizer))
  stop(`--sanitize must be address, undefined or thread, not "${sanitizer}"`);
if (options.includes("--print-addon")) {
  process.stdout.write(`${addon}\n`);
  process.exit(0);
}

function findCompiler() {
  const wanted = process.env.CXX ? [process.env.CXX] : ["g++", "clang++", "c++"];
  for (const name of wanted) {
    const { status, stdout } = spawnSync(name, ["--version"], { encoding: "utf8" });
    if (status === 0) return { name, version: stdout };
  }
  return stop(
    process.env.CXX
      ? `The C++ compiler "${process.env.CXX}" (from CXX) does not run.`
      : "No C++ compiler found: install g++ or clang++ (on Debian and Ubuntu: apt install g++), or name one with CXX.",
  );
}

/** Compiler flags of each instruction set that the kernels are compiled for. The first is what everything else is compiled for. */
const isas =
  process.arch === "x64"
    ? {
        generic: [],
        avx2: ["-mavx2", "-mfma", "-mf16c"],
        avx512: ["-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl", "-mavx2", "-mfma", "-mf16c"],
      }
    : { generic: [] };

/** What dot-product instructions add to AVX-512: only the files named here are compiled for them. */
const extensions =
  process.arch === "x64"
    ? {
        avx512vnni: { flags: ["-mavx512vnni"], sources: ["gemm.cc", "epilogue.cc", "dot/int8Table.cc", "dot/quads.cc"] },
        avx512bf16: {
          flags: ["-mavx512bf16"],
          sources: [
            "gemm.cc",
            "epilogue.cc",
            "dot/bf16Table.cc",
            "dot/pairs.cc",
            "dot/productsPairs.cc",
            "dot/attentionPairs.cc",
            "dot/winogradPairs.cc",
          ],
        },
      }
    : {};

const headers = createRequire(import.meta.url)("node-api-headers").include_dir;
const common = [
  "-std=c++17",
  "-O3",
  "-fPIC",
  "-fvisibility=hidden",
  "-ffp-contract=fast",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-Wall",
  "-Wextra",
  "-pthread",
  ...(sanitizer ? [`-fsanitize=${sanitizer}`, "-fno-sanitize-recover=all", "-g", "-fno-omit-frame-pointer"] : []),
];

const sourcesIn = (folder) =>
  readdirSync(join(native, folder))
    .filter((name) => name.endsWith(".cc"))
    .sort()
    .map((name) => join(folder, name));

/** Every translation unit: its source, a name for its object, its flags. */
function units() {
  const plain = (source, flags = []) => ({ source, object: source.replace(/[/\\]/g, "-").replace(/\.cc$/, ".o"), flags });
  const kernel = (source, isa, flags) => {
    const unit = plain(source, [...flags, `-DPATCHBAY_ISA=${isa}`]);
    return { ...unit, object: `${isa}-${unit.object}` };
  };
  const kernels = [
    ...sourcesIn("cpu").flatMap((source) =>
      source.endsWith("kernelTable.cc") ? [plain(source)] : Object.entries(isas).map(([isa, flags]) => kernel(source, isa, flags)),
    ),
    ...Object.entries(extensions).flatMap(([isa, { flags, sources }]) =>
      sources.map((source) => kernel(join("cpu", source), isa, [...isas.avx512, ...flags])),
    ),
  ];
  if (kernelTest)
    return [
      ...kernels,
      ...["error.cc", "threadPool.cc"].map((name) => plain(join("core", name))),
      ...sourcesIn(join("cpu", "test")).map((source) => plain(source)),
    ];
  return [
    ...kernels,
    ...sourcesIn("core").map((source) => plain(source)),
    ...sourcesIn("addon").map((source) => plain(source, [`-I${headers}`, "-DNAPI_VERSION=8"])),
  ];
}

/** One hash over all headers: they are few, and every source includes most of them. */
function headersHash() {
  const hash = createHash("sha256");
  for (const name of readdirSync(native, { recursive: true }).sort()) {
    if (/\.(h|def)$/.test(name)) hash.update(name).update(readFileSync(join(native, name)));
  }
  return hash.digest("hex");
}

const argumentsOf = ({ source, flags }) => [...common, ...flags, "-c", join(native, source)];

function compile(compiler, { source, path, flags }) {
  const args = [...argumentsOf({ source, flags }), "-o", `${path}${part}`];
  return new Promise((resolve) => {
    const child = spawn(compiler.name, args, { stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => {
      if (code === 0) renameSync(`${path}${part}`, path);
      resolve(code === 0);
    });
  });
}

const compiler = findCompiler();
const objects = join(build, "objects");
mkdirSync(objects, { recursive: true });
const shared = createHash("sha256").update(compiler.version).update(headersHash()).update(common.join(" ")).digest("hex");
const wanted = units().map((unit) => {
  const hash = createHash("sha256")
    .update(shared)
    .update(unit.flags.join(" "))
    .update(readFileSync(join(native, unit.source)));
  return { ...unit, path: join(objects, `${hash.digest("hex").slice(0, 16)}-${unit.object}`) };
});
const missing = wanted.filter(({ path }) => !existsSync(path));
const queue = [...missing];
if (missing.length > 0) process.stderr.write(`Compiling ${missing.length} of ${wanted.length} native files with ${compiler.name} …\n`);
const failed = [];
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let unit = queue.shift(); unit; unit = queue.shift()) if (!(await compile(compiler, unit))) failed.push(unit.source);
  }),
);
if (failed.length > 0) stop(`Could not compile ${failed.map((source) => relative(here, join(native, source))).join(", ")}.`);

const target = kernelTest ? join(build, "kernels.test") : addon;
const stamp = `${target}.from`;
const content = wanted.map(({ path }) => path).join("\n");
if (!existsSync(target) || !existsSync(stamp) || readFileSync(stamp, "utf8") !== content) {
  const sanitize = sanitizer ? [`-fsanitize=${sanitizer}`] : [];
  const kind = kernelTest ? [] : ["-shared"];
  const { status } = spawnSync(
    compiler.name,
    [...kind, ...sanitize, "-pthread", ...wanted.map(({ path }) => path), "-o", `${target}${part}`],
    { stdio: "inherit" },
  );
  if (status !== 0) stop("Could not link the native engine.");
  renameSync(`${target}${part}`, target);
  writeFileSync(stamp, content);
  const kept = new Set(wanted.map(({ path }) => path));
  const names = new Set(wanted.map(({ object }) => object));
  for (const file of readdirSync(objects)) if (names.has(file.slice(17)) && !kept.has(join(objects, file))) rmSync(join(objects, file));
}
if (options.includes("--print-units"))
  process.stdout.write(
    `${JSON.stringify({ compiler: compiler.name, units: wanted.map((unit) => ({ object: unit.object, path: unit.path, args: argumentsOf(unit) })) })}\n`,
  );
if (kernelTest)
  process.exit(
    spawnSync(
      target,
      options.filter((option) => !option.startsWith("--")),
      { stdio: "inherit" },
    ).status ?? 1,
  );
