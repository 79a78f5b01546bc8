// Runs the tests of the addon, the engine and the kernels over a build with a sanitizer: `node testSanitized.mjs address|thread|undefined`.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const kind = process.argv[2] ?? "address";
const build = (...options) =>
  spawnSync(process.execPath, [join(here, "build.mjs"), `--sanitize=${kind}`, ...options], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });

const built = build();
if (built.status !== 0) process.exit(built.status ?? 1);
const kernels = build("--kernel-test");
process.stdout.write(kernels.stdout);
// Node itself is not instrumented, so the sanitizer's library has to come first.
const name = { address: "libasan.so", thread: "libtsan.so", undefined: "libubsan.so" }[kind];
const library = spawnSync(process.env.CXX ?? "g++", [`-print-file-name=${name}`], { encoding: "utf8" }).stdout.trim();
const { status } = spawnSync(join(root, "node_modules", ".bin", "vitest"), ["run", "packages/engine-bindings", "packages/engine"], {
  cwd: root,
  stdio: "inherit",
  env: {
    ...process.env,
    PATCHBAY_ADDON: build("--print-addon").stdout.trim(),
    LD_PRELOAD: library,
    ASAN_OPTIONS: "detect_leaks=0", // Node's own heap is never given back
    UBSAN_OPTIONS: "print_stacktrace=1",
    TSAN_OPTIONS: "ignore_noninstrumented_modules=1 exitcode=66", // Node itself is not instrumented
  },
});
process.exit(kernels.status === 0 ? (status ?? 1) : (kernels.status ?? 1));
