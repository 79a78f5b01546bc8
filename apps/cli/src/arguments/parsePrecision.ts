import { precisions, type Precision } from "@patchbay/runner/worker/precisions";
import { CliError } from "../cliError.js";

/** What networks may be computed with. @throws CLI_ARGUMENT */
export function parsePrecision(text: string, flag: string): Precision {
  const precision = precisions.find((each) => each === text);
  if (precision) return precision;
  throw new CliError("CLI_ARGUMENT", `${flag} is "${text}": it must be one of ${precisions.join(", ")}`);
}
