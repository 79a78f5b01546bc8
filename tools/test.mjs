// `npm test`: sets the clone up, runs every check and every test, and ends with one line "N passed, N failed".
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findChromium, howToGetChromium } from "./findChromium.mjs";
import { root, setUp } from "./setUp.mjs";

setUp();

const scratch = mkdtempSync(join(tmpdir(), "patchbay-test-"));
const report = join(scratch, "vitest.json");
const storyReport = join(scratch, "stories.json");
const bin = (name) => join("node_modules", ".bin", name);

const tsc = join("node_modules", "@typescript", "native", "bin", "tsc");
/** Parts that are checked against different surroundings: Node, the browser, and both. */
const programs = [
  {
    of: "packages and tests",
    tsconfig: "tsconfig.tests.json",
    lints: ["--ignore-pattern", "apps/editor", "--ignore-pattern", "e2e/studio", "."],
  },
  { of: "the studio", tsconfig: "apps/editor/tsconfig.json", lints: ["apps/editor"] },
  { of: "the stories", tsconfig: "e2e/studio/tsconfig.json", lints: ["e2e/studio"] },
];

/** Each counts as one; vitest and the native kernels report how many tests they hold. */
const checks = [
  { name: "format", command: [bin("prettier"), "--check", "--cache", "--log-level", "warn", "."] },
  ...programs.map(({ of, tsconfig }) => ({ name: `types of ${of}`, command: [process.execPath, tsc, "-p", tsconfig] })),
  ...programs.map(({ of, tsconfig, lints }) => ({
    name: `lint of ${of}`,
    command: [bin("oxlint"), "--type-aware", "--tsconfig", tsconfig, "--deny-warnings", ...lints],
  })),
  { name: "import direction", command: [bin("depcruise"), "--config", ".dependency-cruiser.cjs", "packages", "apps"] },
  { name: "import direction catches a violation", command: [process.execPath, join("tools", "checkImportRules.mjs")] },
  { name: "unused code", command: [bin("knip"), "--no-progress"] },
  {
    name: "native kernels",
    command: [process.execPath, join("packages", "engine-bindings", "build.mjs"), "--kernel-test"],
    count: countLine,
  },
  {
    name: "tests",
    command: [bin("vitest"), "run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    count: countReport,
  },
  findChromium() === undefined
    ? { name: `stories. ${howToGetChromium}`, command: [process.execPath, "--eval", "process.exit(1)"] }
    : {
        name: "stories in Chromium",
        command: [bin("playwright"), "test", "--config", join("e2e", "studio", "playwright.config.ts"), "--reporter=list,json"],
        environment: { PLAYWRIGHT_JSON_OUTPUT_NAME: storyReport },
        count: countStories,
      },
];

function countLine(output) {
  const found = /(\d+) passed, (\d+) failed/.exec(output);
  return found && { passed: Number(found[1]), failed: Number(found[2]) };
}

function countReport() {
  const { numPassedTests, numFailedTests, numFailedTestSuites } = JSON.parse(readFileSync(report, "utf8"));
  return { passed: numPassedTests, failed: numFailedTests || numFailedTestSuites };
}

function countStories() {
  const { expected, unexpected, flaky } = JSON.parse(readFileSync(storyReport, "utf8")).stats;
  return { passed: expected, failed: unexpected + flaky };
}

let [passed, failed] = [0, 0];
try {
  for (const { name, command, count, environment } of checks) {
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync(command[0], command.slice(1), {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: { ...process.env, ...environment },
    });
    const output = `${stdout}${stderr}`;
    let result = { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1 };
    try {
      result = count?.(output) ?? result;
    } catch {
      // No report: the run broke off, and the exit status says so.
    }
    if (status !== 0 && result.failed === 0) result.failed = 1;
    passed += result.passed;
    failed += result.failed;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(`${result.failed === 0 ? "ok    " : "FAILED"} ${name} (${result.passed} passed, ${seconds} s)\n`);
    if (result.failed > 0) process.stdout.write(`${output}\n`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
