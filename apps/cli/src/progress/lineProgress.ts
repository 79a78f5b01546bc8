import type { Progress, ProgressOutput } from "./progress.js";
import { formatSeconds } from "./formatSeconds.js";

/** One line for each node that has run, for logs and pipes. */
export function lineProgress(output: ProgressOutput, titleOf: (node: string) => string): Progress {
  let total = 0;
  let done = 0;
  return {
    event(event) {
      if (event.type === "started") total = event.nodes.length;
      if (event.type !== "nodeFinished") return;
      done++;
      output.write(`[${done}/${total}] ${titleOf(event.node)} ${event.cached ? "(known)" : formatSeconds(event.seconds)}\n`);
    },
    warning: (text) => void output.write(`warning: ${text}\n`),
    end: () => undefined,
  };
}
