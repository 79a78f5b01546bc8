import { readFile, stat } from "node:fs/promises";
import { CliError } from "../cliError.js";

/** Larger files are no graphs, and pictures that carry one are smaller too. */
const MAX_BYTES = 256 * 2 ** 20;

/** The bytes of a file named on the command line; "-" is the standard input. @throws CLI_FILE */
export async function readArgumentFile(path: string): Promise<Uint8Array> {
  try {
    if (path === "-") return await readStandardInput();
    const info = await stat(path);
    if (!info.isFile()) throw new CliError("CLI_FILE", `Cannot read "${path}": it must be a file`);
    if (info.size > MAX_BYTES) throw new CliError("CLI_FILE", `Cannot read "${path}": its ${info.size} bytes are more than ${MAX_BYTES}`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof CliError) throw cause;
    throw new CliError("CLI_FILE", `Cannot read "${path}": ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, { cause });
  }
}

async function readStandardInput(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new CliError("CLI_FILE", `Cannot read the standard input: it has more than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
