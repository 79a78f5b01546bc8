import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export const clone = fileURLToPath(new URL("../../../../", import.meta.url));
const bin = fileURLToPath(new URL("../../bin/patchbay.js", import.meta.url));

export interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** The built `patchbay` command as a process of its own. `onStart` gets it while it runs. */
export async function runPatchbay(args: readonly string[], { cwd = clone, env = {}, input, onStart }: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [bin, ...args], { cwd, env: { ...process.env, ...env } });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      onStart?.(child, stderr);
    });
    child.stdin.end(input ?? "");
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr, seconds: (performance.now() - started) / 1000 }));
  });
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
  readonly onStart?: (child: ChildProcess, stderr: string) => void;
}
