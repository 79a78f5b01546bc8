import { CliError } from "../cliError.js";

/** A whole number from `min` to `max`. @throws CLI_ARGUMENT */
export function parseWhole(text: string, flag: string, min: bigint, max: bigint): bigint {
  const value = /^\d{1,30}$/.test(text.trim()) ? BigInt(text.trim()) : -1n;
  if (value < min || value > max)
    throw new CliError("CLI_ARGUMENT", `${flag} is "${text}": it must be a whole number from ${min} to ${max}`);
  return value;
}
