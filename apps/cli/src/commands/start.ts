import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { modelRoots, type FolderFlags } from "../arguments/folderOptions.js";
import { parsePrecision } from "../arguments/parsePrecision.js";
import { parseSize } from "../arguments/parseSize.js";
import { parseWhole } from "../arguments/parseWhole.js";

export interface StartFlags extends Pick<FolderFlags, "models" | "extraModelPaths"> {
  readonly port?: string;
  readonly host?: string;
  readonly insecureRemote?: boolean;
  readonly data?: string;
  readonly input?: string;
  readonly output?: string;
  readonly threads?: string;
  readonly memory?: string;
  readonly precision?: string;
  readonly open: boolean;
}

const clone = fileURLToPath(new URL("../../../../", import.meta.url));

/** `patchbay start`: serves the studio until it is interrupted; returns the exit code. */
export async function startCommand(flags: StartFlags): Promise<number> {
  const port = flags.port === undefined ? undefined : Number(parseWhole(flags.port, "--port", 0n, 65_535n));
  const threads = flags.threads === undefined ? undefined : Number(parseWhole(flags.threads, "--threads", 1n, 256n));
  const memoryLimit = flags.memory === undefined ? undefined : parseSize(flags.memory, "--memory");
  const precision = flags.precision === undefined ? undefined : parsePrecision(flags.precision, "--precision");
  const { defaultDataDir, hasDesktop, openBrowser, startServer } = await import("@patchbay/runner/server");
  const editorDir = join(clone, "apps", "editor", "dist");
  const welcomeGraph = join(clone, "examples", "landscape.json");
  const server = await startServer({
    dataDir: resolve(flags.data ?? defaultDataDir()),
    models: modelRoots(flags),
    extraModelPaths: flags.extraModelPaths.map((file) => resolve(file)),
    insecureRemote: flags.insecureRemote ?? false,
    log: (line) => process.stderr.write(`${line}\n`),
    ...(port !== undefined && { port }),
    ...(flags.host !== undefined && { host: flags.host }),
    ...(flags.input !== undefined && { input: resolve(flags.input) }),
    ...(flags.output !== undefined && { output: resolve(flags.output) }),
    ...(threads !== undefined && { threads }),
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(precision !== undefined && { precision }),
    ...(existsSync(join(editorDir, "index.html")) && { editorDir }),
    ...(existsSync(welcomeGraph) && { welcomeGraph }),
  });
  const interrupted = new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        // The second time nothing is waited for.
        process.once(signal, () => process.exit(130));
        stop();
      });
    }
  });
  process.stdout.write(`Patchbay is at ${server.url}\n`);
  // What goes wrong with the first picture is told in the studio; a server without it is of use.
  server.firstPicture().catch((error: unknown) => process.stderr.write(`the first picture could not be made: ${String(error)}\n`));
  if (flags.open && process.stdout.isTTY && hasDesktop()) await openBrowser(server.url).catch(() => undefined);
  await interrupted;
  process.stderr.write("Stopping …\n");
  await server.close();
  return 0;
}
