import type { Job } from "@patchbay/protocol";
import { ServerError } from "../server/serverError.js";
import type { Dispatcher } from "./dispatcher.js";
import type { JobFeed } from "./jobFeed.js";
import type { JobIntake } from "./jobIntake.js";
import type { JobStore } from "./jobStore.js";

/** All that routes and sockets need of the jobs. */
export class JobDesk {
  readonly store: JobStore;
  readonly feed: JobFeed;
  readonly intake: JobIntake;
  readonly dispatcher: Dispatcher;

  constructor(parts: Pick<JobDesk, "store" | "feed" | "intake" | "dispatcher">) {
    this.store = parts.store;
    this.feed = parts.feed;
    this.intake = parts.intake;
    this.dispatcher = parts.dispatcher;
  }

  /** A job as it is now. @throws ServerError JOB_UNKNOWN, JOB_PRUNED */
  job(id: string): Job {
    const job = id.length <= 64 ? this.store.get(id) : undefined;
    if (job) return this.view(job);
    const shown = JSON.stringify(id.slice(0, 64));
    if (this.store.wasPruned(id))
      throw new ServerError("JOB_PRUNED", 410, `The job ${shown} ended long ago and was removed to keep the disk free`);
    throw new ServerError("JOB_UNKNOWN", 404, `There is no job ${shown} here; GET /studio/jobs lists those there are`);
  }

  /** Jobs that have not ended, in the order in which they will run. */
  unfinished(): Job[] {
    return this.store.unfinished().map((job) => this.view(job));
  }

  /** A job with what it has written so far. */
  view(job: Job): Job {
    const files = this.dispatcher.filesSoFar(job.id);
    return files && job.files.length === 0 ? { ...job, files: [...files] } : job;
  }
}
