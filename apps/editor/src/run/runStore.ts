import {
  isFinal,
  type Arithmetic,
  type Job,
  type JobEvent,
  type JobFile,
  type Preview,
  type Problem,
  type WorkerState,
} from "@patchbay/protocol";
import { createStore, type StoreApi } from "zustand/vanilla";

/** How a node of the shown job stands. */
export interface NodeRun {
  readonly state: "waiting" | "running" | "done" | "cached" | "failed";
  /** Steps done, of how many; null where the node doesn't tell. */
  readonly value: number | null;
  readonly max: number | null;
  readonly seconds: number | null;
}

/** What a card shows of a node's pictures: the files it wrote, or what is being sampled. */
export interface NodePicture {
  readonly files: readonly JobFile[];
  /** An object URL of the newest preview; null once files are there, or when none came. */
  readonly preview: string | null;
  readonly width: number;
  readonly height: number;
}

export interface RunState {
  readonly connected: boolean;
  readonly worker: WorkerState;
  /** Jobs that have not ended, in the order in which they run. */
  readonly queue: readonly Job[];
  /** The job whose progress the cards show. */
  readonly shown: string | null;
  readonly shownState: Job["state"] | null;
  /** What the shown job is, or was, computed with; null until it has begun. */
  readonly arithmetic: Arithmetic | null;
  /** By node id, of the shown job. */
  readonly nodes: Readonly<Record<string, NodeRun>>;
  /** By node id; they stay until others come. */
  readonly pictures: Readonly<Record<string, NodePicture>>;
  /** By node id: what keeps the graph from being run, or made the run fail. */
  readonly problems: Readonly<Record<string, readonly NodeProblem[]>>;
  /** Problems of no one node. */
  readonly graphProblems: readonly NodeProblem[];
  /** Of the shown job: nodes done and nodes in all. */
  readonly done: number;
  readonly total: number;
}

export interface NodeProblem {
  readonly code: string;
  readonly message: string;
  /** The input it concerns; null when it is the whole node. */
  readonly input: string | null;
}

/** The part of a running node's steps that is done, 0 to 1; null when it does not run, or does not tell. */
export function progressOf(run: NodeRun | undefined): number | null {
  return run?.state === "running" && run.value !== null ? run.value / Math.max(1, run.max ?? 1) : null;
}

export type RunStore = StoreApi<RunState>;

/** What is known of the shown job before anything is. */
const nothingSeen = {
  shown: null,
  shownState: null,
  arithmetic: null,
  nodes: {},
  pictures: {},
  problems: {},
  graphProblems: [],
  done: 0,
  total: 0,
} satisfies Partial<RunState>;

export function createRunStore(): RunStore {
  return createStore<RunState>(() => ({ connected: false, worker: "starting", queue: [], ...nothingSeen }));
}

/** Forgets which job is shown and what was seen of it. */
export function clearShown(state: RunState): RunState {
  for (const { preview } of Object.values(state.pictures)) if (preview) URL.revokeObjectURL(preview);
  return { ...state, ...nothingSeen };
}

/** Turns the cards to a job. Pictures stay until its own come. */
export function showJob(state: RunState, job: Job): RunState {
  if (state.shown === job.id) return state;
  return { ...state, ...nothingSeen, shown: job.id, shownState: job.state, pictures: state.pictures };
}

/** What happens to the shown job: its events in their order, and what is lost without harm. */
export type RunUpdate =
  | { readonly type: "event"; readonly event: JobEvent }
  | { readonly type: "progress"; readonly node: string; readonly value: number; readonly max: number }
  | { readonly type: "preview"; readonly preview: Preview };

type Draft = { -readonly [K in keyof RunState]: RunState[K] } & {
  nodes: Record<string, NodeRun>;
  pictures: Record<string, NodePicture>;
  problems: Record<string, readonly NodeProblem[]>;
};

/** The state after some updates: one copy of what changes, however many there are. */
export function applyUpdates(state: RunState, updates: readonly RunUpdate[]): RunState {
  if (updates.length === 0) return state;
  const draft: Draft = { ...state, nodes: { ...state.nodes }, pictures: { ...state.pictures }, problems: { ...state.problems } };
  for (const update of updates) {
    if (update.type === "event") applyEvent(draft, update.event);
    else if (update.type === "preview") applyPreview(draft, update.preview);
    else applyProgress(draft, update);
  }
  return draft;
}

const waiting: NodeRun = { state: "waiting", value: null, max: null, seconds: null };

function applyEvent(draft: Draft, event: JobEvent): void {
  switch (event.type) {
    case "queued":
      draft.shownState = "queued";
      return;
    case "requeued":
      draft.shownState = "queued";
      draft.nodes = {};
      draft.done = 0;
      return;
    case "started":
      draft.shownState = "running";
      draft.arithmetic = event.arithmetic ?? null;
      draft.nodes = Object.fromEntries(event.nodes.map((node) => [outerNode(node), waiting]));
      draft.done = 0;
      draft.total = event.nodes.length;
      draft.problems = {};
      draft.graphProblems = [];
      return;
    case "nodeStarted":
      draft.nodes[outerNode(event.node)] = { state: "running", value: null, max: null, seconds: null };
      return;
    case "nodeFinished": {
      const node = outerNode(event.node);
      draft.nodes[node] = { state: event.cached ? "cached" : "done", value: null, max: null, seconds: event.cached ? null : event.seconds };
      const images = event.files.filter(({ kind }) => kind === "images");
      if (images.length > 0) setFiles(draft, node, images);
      draft.done++;
      return;
    }
    case "warning":
      return;
    case "cancelling":
      draft.shownState = "cancelling";
      return;
    case "done":
    case "cancelled":
      end(draft, event.type);
      return;
    case "failed":
    case "quarantined": {
      end(draft, event.type);
      const { node, code, message } = event.error;
      const problem: NodeProblem = { code, message, input: null };
      if (node === null) {
        draft.graphProblems = [problem];
        return;
      }
      draft.nodes[outerNode(node)] = { state: "failed", value: null, max: null, seconds: null };
      draft.problems[outerNode(node)] = [problem];
    }
  }
}

function applyProgress(draft: Draft, { node, value, max }: { readonly node: string; readonly value: number; readonly max: number }): void {
  const known = draft.nodes[outerNode(node)];
  if (known?.state === "running") draft.nodes[outerNode(node)] = { ...known, value, max };
}

/** The object URL that a preview replaces is given back. */
function applyPreview(draft: Draft, { node: id, width, height, mediaType, bytes }: Preview): void {
  const node = outerNode(id);
  const known = draft.pictures[node];
  if (known?.preview) URL.revokeObjectURL(known.preview);
  const preview = URL.createObjectURL(new Blob([bytes.slice()], { type: mediaType }));
  draft.pictures[node] = { files: [], preview, width, height };
}

function setFiles(draft: Draft, node: string, files: readonly JobFile[]): void {
  const known = draft.pictures[node];
  if (known?.preview) URL.revokeObjectURL(known.preview);
  const [first] = files;
  draft.pictures[node] = { files, preview: null, width: first?.width ?? 1, height: first?.height ?? 1 };
}

function end(draft: Draft, state: Job["state"]): void {
  draft.shownState = state;
  draft.nodes = Object.fromEntries(Object.entries(draft.nodes).filter(([, run]) => run.state !== "waiting" && run.state !== "running"));
}

/** Lays what the server says of a graph that can't be run on the nodes and inputs it concerns. */
export function withProblems(state: RunState, problems: readonly Problem[]): RunState {
  const byNode: Record<string, NodeProblem[]> = {};
  const rest: NodeProblem[] = [];
  for (const { code, path, message } of problems) {
    const match = /^nodes\.(.+?)(?:\.inputs\.(.+))?$/.exec(path);
    const problem = { code, message, input: match?.[2] ?? null };
    if (match?.[1] === undefined) rest.push(problem);
    else (byNode[outerNode(match[1])] ??= []).push(problem);
  }
  return { ...state, problems: byNode, graphProblems: rest };
}

/** The jobs that have not ended, after one of them changed. */
export function withJob(queue: readonly Job[], job: Job): readonly Job[] {
  const others = queue.filter(({ id }) => id !== job.id);
  if (isFinal(job.state)) return others;
  const at = queue.findIndex(({ id }) => id === job.id);
  return at < 0 ? [...others, job] : queue.map((known) => (known.id === job.id ? job : known));
}

/** Nodes inside a subgraph ("12:7") show on its instance. */
export function outerNode(id: string): string {
  return id.split(":")[0] ?? id;
}
