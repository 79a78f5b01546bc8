import { readFileSync } from "node:fs";

/** The version that saved files name: another one may compute the same graph differently. */
export const version = (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version;
