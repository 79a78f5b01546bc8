import { parseJson, stringifyJson, type Catalog, type JsonValue } from "@patchbay/graph";
import type {
  Cleared,
  ErrorAnswer,
  Job,
  JobEvents,
  JobGraph,
  JobList,
  NewJob,
  Problem,
  ResultList,
  Status,
  Uploaded,
  Welcome,
} from "@patchbay/protocol";

/** An answer that says no, or none at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly problems: readonly Problem[];

  constructor(status: number, code: string, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

const base = "/studio";

/** The runner, as packages/protocol/src/http.ts states it. Every call throws ApiError when the answer is no. */
export const api = {
  queue: (job: NewJob, key: string): Promise<Job> =>
    request<Job>("POST", "/jobs", { json: job as unknown as JsonValue, headers: { "Idempotency-Key": key } }),
  jobs: (limit: number, before?: number): Promise<JobList> =>
    request<JobList>("GET", `/jobs?limit=${limit}${before === undefined ? "" : `&before=${before}`}`),
  job: (id: string): Promise<Job> => request<Job>("GET", `/jobs/${id}`),
  jobGraph: (id: string): Promise<JobGraph> => request<JobGraph>("GET", `/jobs/${id}/graph`),
  jobEvents: (id: string, after: number): Promise<JobEvents> => request<JobEvents>("GET", `/jobs/${id}/events?after=${after}`),
  cancel: (id: string): Promise<Job> => request<Job>("POST", `/jobs/${id}/cancel`),
  clear: (): Promise<Cleared> => request<Cleared>("POST", "/jobs/clear"),
  catalogText: (): Promise<string> => requestText("GET", "/catalog"),
  knownNodes: (): Promise<Catalog> => request<Catalog>("GET", "/known-nodes"),
  results: (limit: number, before?: string): Promise<ResultList> =>
    request<ResultList>("GET", `/results?limit=${limit}${before === undefined ? "" : `&before=${encodeURIComponent(before)}`}`),
  deleteResult: (id: string): Promise<void> => request<void>("DELETE", `/results/${id}`),
  revealResult: (id: string): Promise<void> => request<void>("POST", `/results/${id}/reveal`),
  upload: (name: string, file: Blob): Promise<Uploaded> =>
    request<Uploaded>("POST", `/uploads?name=${encodeURIComponent(name)}`, { bytes: file }),
  welcome: (): Promise<Welcome> => request<Welcome>("GET", "/welcome"),
  status: (): Promise<Status> => request<Status>("GET", "/status"),
};

/** Where a content-addressed file is served. */
export function blobUrl(hash: string): string {
  return `${base}/blobs/${hash}`;
}

/** Where a named file is served. */
export function fileUrl({
  type,
  subfolder,
  filename,
}: {
  readonly type: string;
  readonly subfolder: string;
  readonly filename: string;
}): string {
  const path = [...subfolder.split("/"), filename].filter((part) => part !== "").map(encodeURIComponent);
  return `${base}/files/${type}/${path.join("/")}`;
}

interface RequestBody {
  readonly json?: JsonValue;
  readonly bytes?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
}

async function request<T>(method: string, path: string, body: RequestBody = {}): Promise<T> {
  const text = await requestText(method, path, body);
  return (text === "" ? null : parsed(text)) as T;
}

async function requestText(method: string, path: string, body: RequestBody = {}): Promise<string> {
  let response: Response;
  try {
    response = await fetch(base + path, {
      method,
      credentials: "same-origin",
      ...(body.json !== undefined && { body: stringifyJson(body.json) }),
      ...(body.bytes && { body: body.bytes }),
      headers: { ...(body.json !== undefined && { "Content-Type": "application/json" }), ...body.headers },
    });
  } catch {
    throw new ApiError(0, "SERVER_UNREACHABLE", "Patchbay does not answer. Is it still running in its terminal?");
  }
  const text = await response.text();
  if (response.ok) return text;
  const error = (parsed(text) as ErrorAnswer | null)?.error;
  throw new ApiError(
    response.status,
    error?.code ?? "SERVER_ANSWER",
    error?.message ?? `Patchbay answered ${response.status} to ${method} ${path}`,
    error?.problems,
  );
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return null;
  }
}
