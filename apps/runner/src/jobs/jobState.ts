import type { JobState } from "@patchbay/protocol";

/**
 * What a job can become from each state. Every change is a compare-and-set against this table (`JobStore.move`), so that of two that want to
 * end a job at the same time (a cancel and a result) the first one wins, and the other is told what the job is by then.
 */
const nextStates: Readonly<Record<JobState, readonly JobState[]>> = {
  queued: ["running", "cancelled"],
  // `queued` again when its worker or the server ended under it.
  running: ["queued", "cancelling", "done", "failed", "cancelled", "quarantined"],
  // The result may have been on its way when the job was cancelled: it counts.
  cancelling: ["done", "failed", "cancelled"],
  done: [],
  failed: [],
  cancelled: [],
  quarantined: [],
};

/** Whether a job in state `from` may come into state `to`. */
export function mayBecome(from: JobState, to: JobState): boolean {
  return nextStates[from].includes(to);
}

/** The states from which a job may come into `to`. */
export function statesBefore(to: JobState): JobState[] {
  return (Object.keys(nextStates) as JobState[]).filter((from) => mayBecome(from, to));
}
