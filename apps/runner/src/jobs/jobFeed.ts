import type { Job, JobEvent, Preview, WorkerState } from "@patchbay/protocol";

/** Events `first`, `first + 1`, … of a job; `text` is their JSON, a list without its brackets. */
export interface EventBatch {
  readonly job: string;
  readonly first: number;
  readonly events: readonly JobEvent[];
  readonly text: string;
}

export interface Progress {
  readonly job: string;
  readonly node: string;
  readonly value: number;
  readonly max: number;
}

/** What listeners are told, each on the moment it happened and was recorded. */
export interface FeedListener {
  readonly job?: (job: Job) => void;
  readonly events?: (batch: EventBatch) => void;
  readonly progress?: (progress: Progress) => void;
  readonly preview?: (preview: Preview) => void;
  readonly worker?: (state: WorkerState) => void;
  readonly catalog?: (version: number) => void;
  /** The gallery changed. */
  readonly results?: () => void;
}

/** Carries what happens to jobs and workers to all who want to know: the sockets, and parts of the server that wait for something. */
export class JobFeed {
  readonly #listeners = new Set<FeedListener>();

  /** Returns what ends the subscription. */
  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  job(job: Job): void {
    for (const listener of this.#listeners) listener.job?.(job);
  }

  events(batch: EventBatch): void {
    for (const listener of this.#listeners) listener.events?.(batch);
  }

  progress(progress: Progress): void {
    for (const listener of this.#listeners) listener.progress?.(progress);
  }

  preview(preview: Preview): void {
    for (const listener of this.#listeners) listener.preview?.(preview);
  }

  worker(state: WorkerState): void {
    for (const listener of this.#listeners) listener.worker?.(state);
  }

  catalog(version: number): void {
    for (const listener of this.#listeners) listener.catalog?.(version);
  }

  results(): void {
    for (const listener of this.#listeners) listener.results?.();
  }
}
