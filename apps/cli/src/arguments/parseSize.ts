import { CliError } from "../cliError.js";

const units: Readonly<Record<string, number>> = { "": 1, b: 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Bytes of "4G", "512MiB", "1.5 gb" or "1000000". @throws CLI_ARGUMENT */
export function parseSize(text: string, flag: string): number {
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  const bytes = match ? Math.floor(Number(match[1]) * units[match[2]!.toLowerCase()]!) : 0;
  if (!match || bytes < 1 || !Number.isSafeInteger(bytes))
    throw new CliError("CLI_ARGUMENT", `${flag} is "${text}": it must be a size above 0 such as 4G, 512M or 1000000`);
  return bytes;
}
