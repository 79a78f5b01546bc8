import { formatSeconds } from "./formatSeconds.js";
import type { Progress, ProgressOutput } from "./progress.js";

export interface BarStyle {
  readonly color: boolean;
  readonly unicode: boolean;
}

const CLEAR_LINE = "\r\x1b[2K";
const BAR_WIDTH = 24;

/** One line of a terminal that shows the node at work, its step, seconds a step and the time left; `now` gives milliseconds. */
export function barProgress(
  output: ProgressOutput,
  titleOf: (node: string) => string,
  style: BarStyle,
  now: () => number = () => performance.now(),
): Progress {
  let total = 0;
  let done = 0;
  let shown = false;
  let node = "";
  let nodeStarted = 0;
  let firstStep: { value: number; at: number } | undefined;

  const draw = (line: string): void => {
    output.write(CLEAR_LINE + cut(line, (output.columns || 80) - 1));
    shown = true;
  };
  const clear = (): void => {
    if (shown) output.write(CLEAR_LINE);
    shown = false;
  };
  const head = (): string => `[${Math.min(done + 1, total)}/${total}] ${titleOf(node)}`;

  return {
    event(event) {
      switch (event.type) {
        case "started":
          total = event.nodes.length;
          return;
        case "nodeStarted":
          node = event.node;
          nodeStarted = now();
          firstStep = undefined;
          draw(head());
          return;
        case "progress": {
          const at = now();
          // The first step also pays for what is made once; the pace is that of the steps after it.
          const since = firstStep ?? { value: 0, at: nodeStarted };
          firstStep ??= { value: event.value, at };
          const pace = event.value > since.value ? (at - since.at) / 1000 / (event.value - since.value) : 0;
          const left = pace * (event.max - event.value);
          draw(
            `${head()}  ${bar(event.value / event.max, style)} ${event.value}/${event.max}  ${pace.toFixed(2)} s/step  ${formatSeconds(left)} left`,
          );
          return;
        }
        case "nodeFinished":
          done++;
          return;
        case "result":
        case "error":
        case "cancelled":
          clear();
          return;
        case "preview":
          return;
      }
    },
    warning(text) {
      clear();
      output.write(`warning: ${text}\n`);
    },
    end: clear,
  };
}

function bar(part: number, { color, unicode }: BarStyle): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * BAR_WIDTH);
  const [on, off] = unicode ? ["█", "░"] : ["#", "-"];
  const text = on.repeat(full) + off.repeat(BAR_WIDTH - full);
  return color ? `\x1b[36m${text}\x1b[0m` : text;
}

/** At most `width` characters that are seen; escape sequences take no room. */
function cut(text: string, width: number): string {
  let seen = 0;
  let out = "";
  for (const [part] of text.matchAll(/\x1b\[[0-9;]*m|[^]/gu)) {
    const escape = part.startsWith("\x1b");
    if (!escape && seen >= width) continue;
    if (!escape) seen++;
    out += part;
  }
  return out;
}
