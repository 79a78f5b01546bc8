import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built `patchbay` command as a process of its own, in the clone's folder. */
export async function patchbay(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["apps/cli/bin/patchbay.js", ...args], { cwd: root, env: { ...process.env, ...options.env } });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

interface SavedFile {
  readonly node: string;
  readonly path: string;
}

/** Runs a graph that must succeed, and gives the files it saved. */
export async function runGraph(
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<SavedFile[]> {
  const { status, stdout, stderr } = await patchbay(["run", ...args, "--json"], options);
  if (status !== 0) throw new Error(`patchbay run ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as { files: SavedFile[] }).files;
}
