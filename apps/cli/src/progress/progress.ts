import type { WorkerEvent } from "@patchbay/runner/worker";

/** Shows how a run goes on. */
export interface Progress {
  event(event: WorkerEvent): void;
  warning(text: string): void;
  /** Takes away what is shown only while the run goes on. */
  end(): void;
}

/** Where it is shown: a terminal, or anything else that text goes to. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}
