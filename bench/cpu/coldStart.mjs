// From nothing to the starter's picture on the disk: `patchbay run` in a new process.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const program = fileURLToPath(new URL("../../apps/cli/bin/patchbay.js", import.meta.url));
const graph = fileURLToPath(new URL("../../examples/landscape.json", import.meta.url));

/** In the form of an engine's process, though every measurement starts one. */
export function coldStart(precision, threads) {
  return {
    async measure() {
      const folder = mkdtempSync(join(tmpdir(), "patchbay-cold-"));
      try {
        const start = performance.now();
        const args = [program, "run", graph, "--output", folder, "--threads", String(threads), "--precision", precision];
        const run = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
        let said = "";
        run.stderr.on("data", (data) => (said += data));
        const [code] = await once(run, "close");
        if (code !== 0) throw new Error(`could not run ${graph}: ${said}`);
        return performance.now() - start;
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    peakMegabytes: () => NaN,
    stop: async () => undefined,
  };
}
