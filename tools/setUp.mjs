// What a fresh clone needs before anything runs: packages from the lock file, the TypeScript, the native engine.
// Uses nothing that is not in Node itself.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Ends the process with one clear sentence. */
function stop(sentence) {
  process.stderr.write(`patchbay: ${sentence}\n`);
  process.exit(1);
}

/** Runs a command in the clone and stops when it fails; its output is shown only then. */
function runOrStop(command, args, what) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
  stop(`${what} failed${error ? `: ${error.message}` : ""}`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) stop(`Node ${process.versions.node} is too old: Patchbay needs Node 20.19 or newer`);
}

/** Installs what the lock file names, once for each content of it. */
function installPackages() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".patchbay-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write("Installing packages from the lock file …\n");
  runOrStop("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], "installing the packages (npm ci)");
  writeFileSync(stamp, lock);
}

function buildTypeScript() {
  runOrStop(process.execPath, [join("node_modules", "@typescript", "native", "bin", "tsc"), "-b"], "compiling the TypeScript");
}

/** Says itself what is wrong, such as a missing compiler. */
function buildNative() {
  const { status } = spawnSync(process.execPath, [join("packages", "engine-bindings", "build.mjs")], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(1);
}

/** What the studio in the browser is made of. */
const studioSources = ["apps/editor", "packages/graph/src", "packages/protocol/src", "package-lock.json"];

/** Bundles the studio, when something of it has changed since. */
function buildStudio() {
  const state = createHash("sha256");
  for (const source of studioSources)
    for (const file of filesBelow(join(root, source))) state.update(`${file} ${statSync(file).size} ${statSync(file).mtimeMs}\n`);
  const now = state.digest("hex");
  const stamp = join(root, ".cache", "studio");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now && existsSync(join(root, "apps", "editor", "dist", "index.html"))) return;
  process.stderr.write("Building the studio …\n");
  runOrStop(
    process.execPath,
    [join("node_modules", "vite", "bin", "vite.js"), "build", "apps/editor", "--logLevel", "warn"],
    "building the studio (vite)",
  );
  writeFileSync(stamp, now);
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== "dist" && name !== "node_modules")
    .flatMap(({ name }) => filesBelow(join(path, name)));
}

/** Brings the clone to where it can run. A second call with nothing changed takes well under a second. */
export function setUp() {
  checkNode();
  installPackages();
  mkdirSync(join(root, ".cache"), { recursive: true });
  buildTypeScript();
  buildNative();
  buildStudio();
}
