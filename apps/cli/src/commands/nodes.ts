import { stringifyJson, type JsonValue } from "@patchbay/graph";
import type { FolderFlags } from "../arguments/folderOptions.js";
import { openWorker } from "../openWorker.js";

/** `patchbay nodes`: the catalog, as `/object_info` or as a table. */
export async function nodesCommand(flags: FolderFlags & { readonly json?: boolean }): Promise<number> {
  const catalog = await (await openWorker(flags)).catalog();
  if (flags.json) {
    process.stdout.write(`${stringifyJson(catalog as unknown as JsonValue, { indent: 2 })}\n`);
    return 0;
  }
  const rows = Object.values(catalog).map(({ name, category, display_name: title }) => [name, category, title] as const);
  const width = (column: 0 | 1): number => Math.max(...rows.map((row) => row[column].length));
  for (const [name, category, title] of rows) process.stdout.write(`${name.padEnd(width(0))}  ${category.padEnd(width(1))}  ${title}\n`);
  return 0;
}
