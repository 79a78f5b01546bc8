import { rename, unlink, writeFile } from "node:fs/promises";
import { readGraph, stringifyDocument, stringifyJson, toPrompt, toWorkflow, type GraphFile, type JsonValue } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import { CliError } from "../cliError.js";
import { printable } from "../report/printable.js";
import { readArgumentFile } from "../arguments/readArgumentFile.js";

const formats = ["api", "workflow", "document"] as const;
type Format = (typeof formats)[number];

/** How files of each format are usually called. */
const endings: readonly (readonly [RegExp, Format])[] = [
  [/[._-](api|prompt)\.json$/i, "api"],
  [/[._-]workflow\.json$/i, "workflow"],
  [/\.patchbay(\.json)?$/i, "document"],
];

/** `patchbay convert`: the same graph in another format. */
export async function convertCommand(from: string, to: string, { to: named }: { readonly to?: string }): Promise<number> {
  const format = formatOf(to, named);
  const file = readGraph(await readArgumentFile(from), { catalog: comfyNodes() });
  for (const { path, message } of file.warnings) process.stderr.write(`warning: ${printable(path ? `${path}: ${message}` : message)}\n`);
  await writeText(to, `${serialize(file, format)}\n`);
  return 0;
}

function formatOf(path: string, named: string | undefined): Format {
  const format = named === undefined ? endings.find(([ending]) => ending.test(path))?.[1] : formats.find((each) => each === named);
  if (format) return format;
  throw new CliError(
    "CLI_ARGUMENT",
    named === undefined
      ? `Cannot tell the format of "${path}": end its name with .api.json, .workflow.json or .patchbay.json, or say --to`
      : `--to is "${named}": it must be one of ${formats.join(", ")}`,
  );
}

function serialize({ document, prompt }: GraphFile, format: Format): string {
  switch (format) {
    case "api":
      return stringifyJson((prompt ?? toPrompt(document, comfyNodes())) as unknown as JsonValue, { indent: 2 });
    case "workflow":
      return stringifyJson(toWorkflow(document, comfyNodes()), { indent: 2 });
    case "document":
      return stringifyDocument(document);
  }
}

/** Writes a file whole or not at all. @throws CLI_FILE */
async function writeText(path: string, text: string): Promise<void> {
  if (path === "-") {
    process.stdout.write(text);
    return;
  }
  const part = `${path}.${process.pid}.part`;
  try {
    await writeFile(part, text);
    await rename(part, path);
  } catch (cause) {
    await unlink(part).catch(() => undefined);
    throw new CliError("CLI_FILE", `Cannot write "${path}": ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, { cause });
  }
}
