// `npm run fuzz:engine -- [--seconds 600] [--seed N] [--plans]`: random networks against the oracle, from seed N on until the time is
// over; with --plans, plans whose bytes are changed at random. What it finds is printed with its seed; `--seconds 0 --seed N` runs that one again.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 30) },
    plans: { type: "boolean", default: false },
  },
});
if (!(Number(values.seconds) >= 0) || !Number.isSafeInteger(Number(values.seed))) {
  process.stderr.write(`--seconds and --seed must be numbers, not "${values.seconds}" and "${values.seed}"\n`);
  process.exit(2);
}
const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const scratch = mkdtempSync(join(tmpdir(), "patchbay-fuzz-"));
const note = join(scratch, "seed");
try {
  const { status } = spawnSync(
    join(root, "node_modules", ".bin", "vitest"),
    ["run", `packages/engine/src/${values.plans ? "plan/planFuzz" : "testing/fuzzGraphs"}.test.ts`, "--disable-console-intercept=true"],
    {
      cwd: root,
      stdio: "inherit",
      env: { ...process.env, PATCHBAY_FUZZ_SECONDS: values.seconds, PATCHBAY_FUZZ_SEED: values.seed, PATCHBAY_FUZZ_NOTE: note },
    },
  );
  const last = existsSync(note) ? readFileSync(note, "utf8") : "none";
  process.stdout.write(`First seed ${values.seed}, last seed ${last}. If the process broke off, it was at the last.\n`);
  process.exitCode = status ?? 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
