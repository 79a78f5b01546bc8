import { describe, expect, it } from "vitest";
import { barProgress } from "./barProgress.js";
import { formatSeconds } from "./formatSeconds.js";
import { openProgress } from "./openProgress.js";
import type { Progress } from "./progress.js";

class Screen {
  text = "";
  readonly isTTY: boolean;
  readonly columns: number;

  constructor(isTTY = true, columns = 100) {
    this.isTTY = isTTY;
    this.columns = columns;
  }

  write(text: string): void {
    this.text += text;
  }

  /** What stands on the last line. */
  get line(): string {
    return this.text.slice(this.text.lastIndexOf("\x1b[2K") + 4);
  }
}

const titles = (node: string): string => ({ a: "Load", b: "Sample" })[node] ?? node;
const arithmetic = { precision: "exact", isa: "generic" } as const;
const plain = { color: false, unicode: false };

function begin(progress: Progress): void {
  progress.event({ type: "started", run: "r", nodes: ["a", "b"].map((node) => ({ node, nodeType: "T" })), arithmetic });
  progress.event({ type: "nodeStarted", run: "r", node: "a", nodeType: "T" });
  progress.event({ type: "nodeFinished", run: "r", node: "a", nodeType: "T", cached: false, seconds: 0.1, files: [] });
  progress.event({ type: "nodeStarted", run: "r", node: "b", nodeType: "T" });
}

describe("barProgress", () => {
  it("shows the node, the step, the pace of steps after the first, and the time left", () => {
    const screen = new Screen();
    let now = 0;
    const progress = barProgress(screen, titles, plain, () => now);
    begin(progress);
    expect(screen.line).toBe("[2/2] Sample");
    now = 3000;
    progress.event({ type: "progress", run: "r", node: "b", value: 1, max: 4 });
    expect(screen.line).toBe("[2/2] Sample  ######------------------ 1/4  3.00 s/step  9.00 s left");
    now = 4000;
    progress.event({ type: "progress", run: "r", node: "b", value: 2, max: 4 });
    expect(screen.line).toBe("[2/2] Sample  ############------------ 2/4  1.00 s/step  2.00 s left");
    progress.event({ type: "result", run: "r", seconds: 5, files: {} });
    expect(screen.line).toBe("");
  });

  it("cuts what the terminal has no room for, colours apart", () => {
    const screen = new Screen(true, 20);
    const progress = barProgress(screen, titles, { color: true, unicode: true });
    begin(progress);
    progress.event({ type: "progress", run: "r", node: "b", value: 1, max: 2 });
    expect(screen.line).toBe("[2/2] Sample  \x1b[36m█████\x1b[0m");
  });
});

describe("openProgress", () => {
  it.each([
    [false, {}],
    [true, { TERM: "dumb" }],
  ])("gives lines where isTTY is %s and the environment %o", (isTTY, env) => {
    const screen = new Screen(isTTY);
    const progress = openProgress(screen, titles, env);
    begin(progress);
    progress.event({ type: "nodeFinished", run: "r", node: "b", nodeType: "T", cached: true, seconds: 0, files: [] });
    progress.warning("mind");
    expect(screen.text).toBe("[1/2] Load 0.10 s\n[2/2] Sample (known)\nwarning: mind\n");
  });

  it("heeds NO_COLOR and the locale", () => {
    const show = (env: Record<string, string>): string => {
      const screen = new Screen();
      const progress = openProgress(screen, titles, env);
      begin(progress);
      progress.event({ type: "progress", run: "r", node: "b", value: 1, max: 2 });
      return screen.line;
    };
    expect(show({ LANG: "en_US.UTF-8" })).toContain("\x1b[36m█");
    expect(show({ LANG: "C.utf8", NO_COLOR: "1" })).toContain("  ████");
    expect(show({ LANG: "C", NO_COLOR: "1" })).toContain("  ####");
  });
});

describe("formatSeconds", () => {
  it.each([
    [0.123, "0.12 s"],
    [9.994, "9.99 s"],
    [12.34, "12.3 s"],
    [185, "3 min 05 s"],
    [3725, "1 h 02 min"],
  ])("%f is %s", (seconds, text) => {
    expect(formatSeconds(seconds)).toBe(text);
  });
});
