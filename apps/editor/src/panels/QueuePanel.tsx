import { isFinal, type Job } from "@patchbay/protocol";
import { Check, CircleSlash, Loader, TriangleAlert, X } from "lucide-react";
import { useEffect, useState, type JSX } from "react";
import { api, blobUrl } from "../api/http.js";
import { formatSeconds } from "../card/formatSeconds.js";
import { cancelJob } from "../commands/runCommands.js";
import { commandOf } from "../commands/commands.js";
import { runCommand } from "../commands/useKeys.js";
import { fallbackReason, precisionUsed } from "../run/precisionNames.js";
import { openJob } from "../session/openGraphs.js";
import { useRun, useStudio } from "../session/studio.js";
import { Panel } from "./Panel.js";

/** What runs, what waits, and what ran. */
export function QueuePanel(): JSX.Element {
  const studio = useStudio();
  const queue = useRun((state) => state.queue);
  const ended = useEndedJobs(queue);
  const waiting = queue.some(({ state }) => state === "queued");
  return (
    <Panel
      title="Queue"
      action={
        <button type="button" className="button" disabled={!waiting} onClick={() => runCommand(studio, commandOf("clearQueue"))}>
          Clear
        </button>
      }
    >
      {queue.length === 0 && (
        <p className="panel-empty">Nothing waits. Press Run as often as you like: runs line up here, and survive a restart.</p>
      )}
      <ul className="job-list" aria-label="Jobs that have not ended">
        {queue.map((job) => (
          <li key={job.id} className="job" data-job={job.id}>
            {job.state === "queued" ? <span className="job-icon waiting" /> : <Loader className="job-icon spin" aria-hidden />}
            <div>
              <b>{job.title}</b>
              <small>{stateText(job)}</small>
            </div>
            <button
              type="button"
              className="icon-button"
              aria-label={`Cancel ${job.title}`}
              title="Cancel"
              disabled={job.state === "cancelling"}
              onClick={() => void cancelJob(studio, job.id)}
            >
              <X aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      {ended.length > 0 && <h3>Before</h3>}
      <ul className="job-list" aria-label="Jobs that have ended">
        {ended.map((job) => (
          <li key={job.id} className="job">
            <JobIcon job={job} />
            <button type="button" className="job-open" title="Open its graph" onClick={() => void openJob(studio, job.id, job.title)}>
              <b>{job.title}</b>
              <small title={fallbackReason(job.arithmetic)}>{stateText(job)}</small>
            </button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function JobIcon({ job }: { readonly job: Job }): JSX.Element {
  const picture = job.files.find(({ kind }) => kind === "images");
  if (picture) return <img className="job-icon" src={blobUrl(picture.hash)} alt="" loading="lazy" />;
  if (job.state === "done") return <Check className="job-icon" aria-hidden />;
  return job.state === "cancelled" ? (
    <CircleSlash className="job-icon" aria-hidden />
  ) : (
    <TriangleAlert className="job-icon failed" aria-hidden />
  );
}

function stateText({ state, startedAt, endedAt, attempt, error, arithmetic, number }: Job): string {
  const took = startedAt !== null && endedAt !== null ? formatSeconds((endedAt - startedAt) / 1000) : "";
  switch (state) {
    case "queued":
      return attempt > 0 ? "waits to be run again" : "waits";
    case "running":
      return attempt > 1 ? "runs again" : "runs";
    case "cancelling":
      return "is being stopped";
    case "done":
      return [`#${number}`, took, precisionUsed(arithmetic)].filter(Boolean).join(" · ");
    case "cancelled":
      return `#${number} · cancelled`;
    case "failed":
    case "quarantined":
      return error?.message ?? state;
  }
}

/** The newest jobs that have ended; fetched again when one more has. */
function useEndedJobs(queue: readonly Job[]): readonly Job[] {
  const [jobs, setJobs] = useState<readonly Job[]>([]);
  const open = queue.map(({ id }) => id).join();
  useEffect(() => {
    let current = true;
    api.jobs(60).then(
      (list) => current && setJobs(list.jobs.filter(({ state }) => isFinal(state))),
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [open]);
  return jobs;
}
