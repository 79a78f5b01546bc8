import type { Arithmetic, Job, JobFile, JobState, Result, RunError } from "@patchbay/protocol";

/** A job as its row holds it. */
export interface JobRow {
  readonly number: number;
  readonly id: string;
  readonly title: string;
  readonly state: JobState;
  readonly attempt: number;
  readonly deaths: number;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly error: string | null;
  /** Both or neither. */
  readonly precision: Arithmetic["precision"] | null;
  readonly isa: string | null;
  readonly asked: Arithmetic["precision"] | null;
  readonly last_event: number;
}

export const jobColumns =
  "number, id, title, state, attempt, deaths, created_at, started_at, ended_at, error, precision, isa, asked, last_event";

export function jobOfRow(row: JobRow, files: readonly JobFile[]): Job {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    state: row.state,
    attempt: row.attempt,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    error: row.error === null ? null : (JSON.parse(row.error) as RunError),
    arithmetic: arithmeticOfRow(row),
    lastEvent: row.last_event,
    files: [...files],
  };
}

function arithmeticOfRow({ precision, isa, asked }: JobRow): Arithmetic | null {
  return precision === null || isa === null ? null : { precision, isa, ...(asked !== null && { asked }) };
}

export interface FileRow {
  readonly node: string;
  readonly kind: JobFile["kind"];
  readonly filename: string;
  readonly subfolder: string;
  readonly type: JobFile["type"];
  readonly hash: string;
  readonly bytes: number;
  readonly media_type: string;
  readonly width: number | null;
  readonly height: number | null;
}

export const fileColumns = "node, kind, filename, subfolder, type, hash, bytes, media_type, width, height";

export function fileOfRow(row: FileRow): JobFile {
  const { node, kind, filename, subfolder, type, hash, bytes, width, height } = row;
  return { node, kind, filename, subfolder, type, hash, bytes, mediaType: row.media_type, width, height };
}

/** The values of a file in the order of `fileColumns`. */
export function fileValues(file: JobFile): (string | number | null)[] {
  const { node, kind, filename, subfolder, type, hash, bytes, mediaType, width, height } = file;
  return [node, kind, filename, subfolder, type, hash, bytes, mediaType, width, height];
}

export interface ResultRow extends Omit<FileRow, "kind" | "type"> {
  readonly id: number;
  readonly job: string;
  readonly title: string;
  readonly created_at: number;
}

/** A picture of the gallery: always one of the output folder. */
export function resultOfRow(row: ResultRow): Result {
  const { id, job, title } = row;
  return { id: String(id), job, title, createdAt: row.created_at, file: fileOfRow({ ...row, kind: "images", type: "output" }) };
}
