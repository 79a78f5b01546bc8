import type { Precision } from "@patchbay/protocol";
import { storePrecision } from "../run/chosenPrecision.js";
import { precisionNames } from "../run/precisionNames.js";
import type { Command } from "./command.js";

function choose(id: string, precision: Precision | null, label: string, help: string): Command {
  return {
    id,
    label: `Precision: ${label}`,
    group: "Run",
    keys: [],
    choice: { among: "Precision", label, help, chosen: ({ view }) => view.getState().precision === precision },
    run: ({ view }) => {
      storePrecision(precision);
      view.setState({ precision });
    },
  };
}

/** What the next runs are computed with; the graph knows nothing of it. */
export const precisionCommands: readonly Command[] = [
  choose("precisionDefault", null, "Server default", "What this server is set to"),
  choose("precisionExact", "exact", precisionNames.exact, "The reference numbers"),
  choose("precisionFast", "fast", precisionNames.fast, "Nearly the same picture, in less time"),
  choose("precisionSmall", "small", precisionNames.small, "The least memory; pictures change slightly"),
];
