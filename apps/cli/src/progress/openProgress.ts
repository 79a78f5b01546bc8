import { barProgress } from "./barProgress.js";
import { lineProgress } from "./lineProgress.js";
import type { Progress, ProgressOutput } from "./progress.js";

/** A bar where a terminal can show one, else lines. NO_COLOR and TERM=dumb are heeded (https://no-color.org). */
export function openProgress(
  output: ProgressOutput,
  titleOf: (node: string) => string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Progress {
  if (!output.isTTY || env["TERM"] === "dumb") return lineProgress(output, titleOf);
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return barProgress(output, titleOf, { color: !env["NO_COLOR"], unicode: /utf-?8/i.test(locale) });
}
