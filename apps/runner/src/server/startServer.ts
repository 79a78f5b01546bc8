import { createHash, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { stringifyJson, type JsonValue } from "@patchbay/graph";
import type { Job, JobEvent, Precision, WorkerSettings } from "@patchbay/protocol";
import { AccessGuard } from "../access/accessGuard.js";
import { loadToken } from "../access/token.js";
import { BlobStore } from "../blobs/blobStore.js";
import { Gallery } from "../blobs/gallery.js";
import { Retention, type RetentionLimits } from "../blobs/retention.js";
import { createApp } from "../http/app.js";
import { fileRoutes } from "../http/fileRoutes.js";
import { jobRoutes } from "../http/jobRoutes.js";
import { pages } from "../http/pages.js";
import { resultRoutes } from "../http/resultRoutes.js";
import { statusRoutes } from "../http/statusRoutes.js";
import { uploadRoutes } from "../http/uploadRoutes.js";
import { checkpoint, openDatabase } from "../jobs/database.js";
import { Dispatcher } from "../jobs/dispatcher.js";
import { JobDesk } from "../jobs/jobDesk.js";
import { JobFeed } from "../jobs/jobFeed.js";
import { JobIntake } from "../jobs/jobIntake.js";
import { JobStore } from "../jobs/jobStore.js";
import { forkTransport } from "../workers/forkTransport.js";
import { WorkerHandle } from "../workers/workerHandle.js";
import { WorkerPool } from "../workers/workerPool.js";
import { RunSocket } from "../ws/runSocket.js";
import { openDataFolder, type DataFolder } from "./dataFolder.js";
import { hasDesktop, revealFile } from "./desktop.js";
import { allowedHosts, listen, refuseRemote, type Listening } from "./listen.js";
import { ServerError } from "./serverError.js";
import { Welcome } from "./welcome.js";

export interface ServerOptions {
  /** Default 127.0.0.1, which is ::1 as well. */
  readonly host?: string;
  /** Default 8188; 0 for any that is free. */
  readonly port?: number;
  /** Whether `host` may be one that other machines reach. */
  readonly insecureRemote?: boolean;
  readonly dataDir: string;
  /** Models folders in ComfyUI's layout; the data folder's own is always looked at. */
  readonly models: readonly string[];
  readonly extraModelPaths?: readonly string[];
  readonly input?: string;
  readonly output?: string;
  /** The built studio; without it only the interface is served. */
  readonly editorDir?: string;
  /** The program of the worker process. */
  readonly workerEntry?: string;
  readonly threads?: number;
  /** Bytes that a worker keeps between runs. */
  readonly memory?: number;
  /** Bytes that a run may hold; no bound unless given. */
  readonly memoryLimit?: number;
  /** What jobs that don't say are computed with; "exact" unless given. */
  readonly precision?: Precision;
  /** The graph that a new studio opens with. */
  readonly welcomeGraph?: string;
  readonly retention?: Partial<RetentionLimits>;
  /** Jobs that may wait. Default 10 000. */
  readonly maxQueued?: number;
  /** Bytes that must stay free on the disk for a job to be accepted. Default 256 MiB. */
  readonly minFreeBytes?: number;
  /** Milliseconds that a worker may take to heed a cancel. Default 10 000. */
  readonly cancelPatience?: number;
  /** Milliseconds between two questions whether a socket's client is there. Default 30 000. */
  readonly heartbeat?: number;
  readonly log: (line: string) => void;
}

export interface RunningServer {
  /** With the token: opens the studio. */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** The process of the worker; undefined while there is none. */
  readonly workerPid: () => number | undefined;
  /** Makes the welcome graph's picture unless it was made before; null when it can't be made here. */
  readonly firstPicture: () => Promise<Job | null>;
  /** Begins nothing more, gives what runs a few seconds, returns it to the queue if it takes longer, and ends. */
  readonly close: () => Promise<void>;
}

const defaultPort = 8188;
/** How long a running job may take when the server is stopped. */
const stopPatience = 5000;
const sweepInterval = 10 * 60 * 1000;
const checkpointInterval = 2000;

/**
 * Starts a server: it listens when this resolves; its worker gets ready meanwhile.
 * @throws ServerError SERVER_REMOTE_HOST, SERVER_DATA_IN_USE, SERVER_PORT_IN_USE
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? "127.0.0.1";
  refuseRemote(host, options.insecureRemote ?? false);
  const folder = await openDataFolder(options.dataDir, options);
  try {
    return await serve(options, host, folder);
  } catch (error) {
    folder.release();
    throw error;
  }
}

async function serve(options: ServerOptions, host: string, folder: DataFolder): Promise<RunningServer> {
  const { log } = options;
  const feed = new JobFeed();
  const parts = startWorker(options, folder, feed);
  let [database, listening]: [ReturnType<typeof openDatabase> | undefined, Listening | undefined] = [undefined, undefined];
  try {
    const token = await loadToken(folder.root);
    const db = (database = openDatabase(folder.database));
    const { pool } = parts;
    const store = new JobStore(db);
    const intake: JobIntake = new JobIntake({
      store,
      feed,
      dispatcher: () => dispatcher,
      nodes: pool,
      dataDir: folder.root,
      ...(options.maxQueued !== undefined && { maxQueued: options.maxQueued }),
      ...(options.minFreeBytes !== undefined && { minFreeBytes: options.minFreeBytes }),
    });
    const dispatcher: Dispatcher = new Dispatcher({
      store,
      feed,
      prepare: (job, interfaces) => intake.prepare(job, interfaces),
      ...(options.cancelPatience !== undefined && { cancelPatience: options.cancelPatience }),
      ...(options.memoryLimit !== undefined && { memoryLimit: options.memoryLimit }),
      ...(options.precision !== undefined && { precision: options.precision }),
    });
    const desk = new JobDesk({ store, feed, intake, dispatcher });
    feed.subscribe({
      events: ({ job, events }) => {
        if (endsJob(events.at(-1)!)) intake.drop(job);
      },
    });
    const blobs = new BlobStore(folder.blobs);
    const gallery = new Gallery(db, blobs, folder.output);
    const retention = new Retention(db, blobs, {
      inUse: () => dispatcher.filesInUse(),
      log,
      ...(options.retention && { limits: options.retention }),
    });
    const welcome = new Welcome({ file: options.welcomeGraph, desk, interfaces: () => pool.interfaces(), files: pool });

    let guard: AccessGuard | undefined;
    const guarded = (): AccessGuard => {
      if (guard) return guard;
      throw new ServerError("SERVER_STOPPING", 503, "The server is just starting; try again");
    };
    const id = randomUUID();
    const socket = new RunSocket({
      guard: guarded,
      desk,
      hello: () => ({ type: "hello", version, server: id, worker: pool.state, catalog: pool.catalogVersion, jobs: desk.unfinished() }),
      ...(options.heartbeat !== undefined && { heartbeat: options.heartbeat }),
    });
    const app = createApp({
      guard: guarded,
      log,
      pages: pages(options.editorDir),
      routers: [
        jobRoutes(desk),
        statusRoutes({
          status: () => ({ version, worker: pool.state, queued: store.queuedCount(), desktop: hasDesktop() }),
          catalog: () => taggedCatalog(pool),
          knownNodes,
          welcome: () => welcome.answer(),
        }),
        resultRoutes({ gallery, reveal: revealFile, onChange: () => feed.results() }),
        fileRoutes(blobs, folder),
        uploadRoutes(folder.input, () => pool.refresh()),
      ],
    });
    dispatcher.recover();
    parts.connect(dispatcher);
    listening = await listen(host, options.port ?? defaultPort, app, (server) => {
      server.on("upgrade", (request, stream, head) => socket.upgrade(request, stream, head));
    });
    const { port, servers } = listening;
    guard = new AccessGuard({ hosts: allowedHosts(host), port, token });
    retention.start(sweepInterval);
    const checkpoints = setInterval(() => {
      if (!dispatcher.busy && store.queuedCount() === 0) checkpoint(db);
    }, checkpointInterval).unref();

    let closing: Promise<void> | undefined;
    const close = async (): Promise<void> => {
      intake.stop();
      clearInterval(checkpoints);
      for (const server of servers) server.close();
      await dispatcher.stop(stopPatience);
      socket.close();
      for (const server of servers) server.closeIdleConnections();
      await Promise.all([pool.close(), retention.stop()]);
      for (const server of servers) server.closeAllConnections();
      db.close();
      folder.release();
    };
    return {
      url: `http://${urlHost(host)}:${port}/?token=${token}`,
      port,
      token,
      workerPid: () => parts.handle.pid,
      firstPicture: () => welcome.firstPicture(),
      close: () => (closing ??= close()),
    };
  } catch (error) {
    for (const server of listening?.servers ?? []) server.close();
    await parts.pool.close();
    database?.close();
    throw error;
  }
}

interface WorkerParts {
  readonly handle: WorkerHandle;
  readonly pool: WorkerPool;
  /** Lets the dispatcher have it. */
  readonly connect: (dispatcher: Dispatcher) => void;
}

/** Starts the worker before all else: it takes the longest to get ready. */
function startWorker(options: ServerOptions, folder: DataFolder, feed: JobFeed): WorkerParts {
  let dispatcher: Dispatcher | undefined;
  const settings: WorkerSettings = {
    inputDir: folder.input,
    outputDir: folder.output,
    tempDir: folder.temp,
    blobDir: folder.blobs,
    modelRoots: [...new Set([folder.models, ...options.models])],
    extraModelPaths: [...(options.extraModelPaths ?? [])],
    ...(options.threads !== undefined && { threads: options.threads }),
    ...(options.memory !== undefined && { memory: options.memory }),
    ...(process.env["PATCHBAY_ISA"] && { isa: process.env["PATCHBAY_ISA"] }),
  };
  const entry = options.workerEntry ?? builtWorker();
  const handle: WorkerHandle = new WorkerHandle({
    start: (listener) => forkTransport(entry, settings, listener),
    log: options.log,
    onState: () => {
      feed.worker(pool.state);
      dispatcher?.wake();
    },
    onCatalog: () => feed.catalog(pool.catalogChanged()),
    onEvents: (events) => dispatcher?.receive(events),
    onRunLost: (run, reason) => dispatcher?.lost(run, reason),
  });
  const pool = new WorkerPool([handle]);
  handle.start();
  return {
    handle,
    pool,
    connect: (connected) => {
      dispatcher = connected;
      connected.addWorker(handle);
      connected.wake();
    },
  };
}

/** Node runs no TypeScript: from sources, too, the worker is the built file. */
function builtWorker(): string {
  return fileURLToPath(new URL("../../dist/worker/main.js", import.meta.url));
}

const version = (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version;

let known: { readonly text: string; readonly tag: string } | undefined;

async function knownNodes(): Promise<{ readonly text: string; readonly tag: string }> {
  if (!known) {
    const { comfyNodes } = await import("@patchbay/graph/comfy-nodes");
    known = tagged(stringifyJson(comfyNodes() as unknown as JsonValue));
  }
  return known;
}

async function taggedCatalog(pool: WorkerPool): Promise<{ readonly text: string; readonly tag: string }> {
  return tagged(await pool.catalogText());
}

function tagged(text: string): { readonly text: string; readonly tag: string } {
  return { text, tag: `"${createHash("sha256").update(text).digest("base64url")}"` };
}

function endsJob({ type }: JobEvent): boolean {
  return type === "done" || type === "failed" || type === "cancelled" || type === "quarantined";
}

function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
