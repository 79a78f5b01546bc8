import type { Progress } from "./jobFeed.js";

/** Longest time that news of progress is held back, in milliseconds: one frame of a screen. */
const frame = 16;

/** Passes on progress, of each node at most once a frame: the first at once, then the newest. */
export class ProgressPace {
  readonly #pass: (progress: Progress) => void;
  readonly #held = new Map<string, Progress>();
  #timer: NodeJS.Timeout | undefined;

  constructor(pass: (progress: Progress) => void) {
    this.#pass = pass;
  }

  add(progress: Progress): void {
    if (this.#timer) {
      this.#held.set(`${progress.job} ${progress.node}`, progress);
      return;
    }
    this.#pass(progress);
    this.#rest();
  }

  /** Passes on what is held back: before events, which progress must not come after. */
  flush(): void {
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const progress of held) this.#pass(progress);
  }

  #rest(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#held.size === 0) return;
      this.flush();
      this.#rest();
    }, frame);
  }
}
