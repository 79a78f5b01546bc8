// Runs whole-graph goldens through `patchbay run` and compares what they save with what ComfyUI saved.
//   node tools/golden/runCases.mjs --cases LIST|FOLDER --goldens FOLDER --models FOLDER [--keep FOLDER] [--threads N] [--only TEXT]
// LIST holds one case a line. FOLDER of goldens has cases/NAME.json, inputs/, expected/NAME.safetensors, expected/NAME.NODE.INDEX.png and
// expected/tolerances.json. Needs a built clone; make the models with makeModels.mjs.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { psnr, relativeError } from "./compare.mjs";
import { readTensorFile } from "./tensorFile.mjs";

const cli = fileURLToPath(new URL("../../apps/cli/bin/patchbay.js", import.meta.url));

/** One comparison: { what, error, limit, ok, note }. Latents and pictures that a case doesn't save in a file are skipped with a note. */
export async function runCase(name, { goldens, models, output, threads }) {
  const args = [cli, "run", join(goldens, "cases", `${name}.json`), "--json", "--models", models, "--input", join(goldens, "inputs")];
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...args, "--output", output, ...(threads ? ["--threads", String(threads)] : [])],
    { encoding: "utf8", maxBuffer: 1 << 26 },
  );
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) return { seconds, checks: [{ what: "run", ok: false, note: `exit ${status}: ${(stdout + stderr).trim().slice(0, 500)}` }] };
  const files = JSON.parse(stdout).files;
  const tolerances = JSON.parse(readFileSync(join(goldens, "expected", "tolerances.json"), "utf8"))[name] ?? {};
  return { seconds, checks: [...(await compareTensors(name, files, tolerances, goldens)), ...(await comparePictures(name, files, tolerances, goldens))] };
}

async function compareTensors(name, files, tolerances, goldens) {
  const path = join(goldens, "expected", `${name}.safetensors`);
  const checks = [];
  for (const [what, expected] of existsSync(path) ? readTensorFile(path) : []) {
    const [kind, node, item = "0"] = what.split(".");
    const limit = tolerances[what]?.rel_tol ?? tolerances.rel_tol ?? 5e-4;
    const file = files.filter((each) => each.node === node)[Number(item)];
    // A .latent file has no place for the mask that travels with a latent; float pictures are saved as bytes, compared below.
    if (kind === "noise_mask" || kind === "image") continue;
    if (!file) checks.push({ what, ok: false, note: "not saved" });
    else {
      const actual = readTensorFile(file.path).get("latent_tensor");
      const error = String(actual.shape) === String(expected.shape) ? relativeError(expected.data, actual.data) : Infinity;
      checks.push({ what, error, limit, ok: error <= limit });
    }
  }
  return checks;
}

async function comparePictures(name, files, tolerances, goldens) {
  const checks = [];
  for (const file of readdirSync(join(goldens, "expected")).filter((each) => each.startsWith(`${name}.`) && each.endsWith(".png"))) {
    const [node, index] = file.slice(name.length + 1).split(".");
    const saved = files.filter((each) => each.node === node)[Number(index)];
    const limit = tolerances.png_psnr ?? 45;
    if (!saved) checks.push({ what: `png.${node}.${index}`, ok: false, note: "not saved" });
    else {
      const error = psnr(await pixels(join(goldens, "expected", file)), await pixels(saved.path));
      checks.push({ what: `png.${node}.${index}`, psnr: error, limit, ok: error >= limit });
    }
  }
  return checks;
}

async function pixels(path) {
  return sharp(path).raw().toBuffer();
}

function caseNames(cases) {
  if (statSync(cases).isDirectory()) {
    return readdirSync(cases)
      .filter((name) => name.endsWith(".json") && name !== "index.json")
      .map((name) => basename(name, ".json"))
      .sort();
  }
  return readFileSync(cases, "utf8")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}

function line(name, { what, error, psnr: decibels, limit, ok, note }) {
  const figure = error !== undefined ? `${error.toExponential(2)} of ${limit}` : decibels !== undefined ? `${decibels.toFixed(1)} dB of ${limit}` : "";
  const look = ok && error > 1e-4 ? "  look: above 1e-4" : "";
  return `${ok ? "ok    " : "FAILED"} ${name.padEnd(32)} ${what.padEnd(14)} ${figure}${note ? ` ${note}` : ""}${look}`;
}

async function main() {
  const { values } = parseArgs({
    options: Object.fromEntries(["cases", "goldens", "models", "keep", "threads", "only"].map((name) => [name, { type: "string" }])),
  });
  if (!values.goldens || !values.models) {
    console.error("usage: node tools/golden/runCases.mjs --goldens FOLDER --models FOLDER [--cases LIST|FOLDER] [--keep FOLDER] [--threads N] [--only TEXT]");
    process.exit(2);
  }
  const names = caseNames(values.cases ?? join(values.goldens, "cases")).filter((name) => !values.only || name.includes(values.only));
  const kept = values.keep ?? mkdtempSync(join(tmpdir(), "patchbay-goldens-"));
  const failed = [];
  let worst = { error: 0, name: "" };
  for (const name of names) {
    const output = join(kept, name);
    mkdirSync(output, { recursive: true });
    const { checks } = await runCase(name, { ...values, output });
    for (const check of checks) {
      console.log(line(name, check));
      if (check.error > worst.error) worst = { error: check.error, name: `${name} ${check.what}` };
    }
    if (checks.length === 0 || checks.some(({ ok }) => !ok)) failed.push(name);
  }
  if (!values.keep) rmSync(kept, { recursive: true, force: true });
  console.log(`largest relative error ${worst.error.toExponential(2)} (${worst.name})`);
  if (failed.length > 0) console.log(`failed: ${failed.join(" ")}`);
  console.log(`${names.length - failed.length} passed, ${failed.length} failed`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
