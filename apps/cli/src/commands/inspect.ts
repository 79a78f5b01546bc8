import { open, stat } from "node:fs/promises";
import { isPng } from "@patchbay/graph";
import { CliError } from "../cliError.js";
import { readArgumentFile } from "../arguments/readArgumentFile.js";
import type { FileReport } from "../report/fileReport.js";
import { graphReport, pictureReport } from "../report/graphReport.js";
import { printable } from "../report/printable.js";
import { modelReport } from "../report/modelReport.js";

/** `patchbay inspect`: what a file is. */
export async function inspectCommand(path: string, { json }: { readonly json?: boolean }): Promise<number> {
  const { lines, data } = await report(path);
  process.stdout.write(json ? `${JSON.stringify({ path, ...data }, undefined, 2)}\n` : `${lines.map(printable).join("\n")}\n`);
  return 0;
}

async function report(path: string): Promise<FileReport> {
  const start = await firstBytes(path);
  if (isPng(start)) return pictureReport(await readArgumentFile(path));
  // A safetensors file begins with the length of its header, so that its ninth byte is the first "{".
  const looksLikeJson = /^\s*[{[]/.test(start.toString("latin1")) && !path.endsWith(".index.json");
  if (looksLikeJson) return graphReport(await readArgumentFile(path));
  const { inspectModelFile } = await import("@patchbay/runner/worker");
  return modelReport(await inspectModelFile(path));
}

/** The first bytes of a file; none of a folder, which may be a model as diffusers saves it. @throws CLI_FILE */
async function firstBytes(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).isDirectory()) return Buffer.alloc(0);
    const handle = await open(path, "r");
    try {
      const buffer = Buffer.alloc(64);
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new CliError("CLI_FILE", `Cannot read "${path}": ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, { cause });
  }
}
