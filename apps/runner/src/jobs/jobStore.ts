import { randomUUID } from "node:crypto";
import { isFinal, type Job, type JobEvent, type JobFile, type JobState, type RunError } from "@patchbay/protocol";
import { writeSoon, type JobDatabase } from "./database.js";
import { EventLog, type EventChunk } from "./eventLog.js";
import { fileColumns, fileOfRow, fileValues, jobColumns, jobOfRow, type FileRow, type JobRow } from "./jobRows.js";
import { statesBefore } from "./jobState.js";

/** A job to store. */
export interface JobToStore {
  /** What was posted, byte for byte. */
  readonly body: Uint8Array;
  readonly title: string;
  readonly front: boolean;
  readonly graphHash: string | null;
  readonly key: { readonly key: string; readonly bodyHash: string } | undefined;
}

/** A job's change of state, with the event that tells of it. */
export interface Move {
  readonly to: JobState;
  /** What happened before, if that is not recorded yet. */
  readonly before?: readonly JobEvent[];
  readonly event: JobEvent;
  /** Only while it is at this attempt; left out: at any. */
  readonly attempt?: number;
  /** One more worker died of it. */
  readonly died?: boolean;
  readonly error?: RunError;
  /** What it wrote; recorded when it ends. */
  readonly files?: readonly JobFile[];
}

export type MoveResult = { readonly job: Job; readonly chunk: EventChunk } | undefined;

const unfinished = "state IN ('queued', 'running', 'cancelling')";

/** Jobs, their states, events and files, in the database. Every method is one transaction; what it returns is recorded. */
export class JobStore {
  readonly events: EventLog;
  readonly #db: JobDatabase;
  readonly #statements;
  readonly #now: () => number;

  constructor(db: JobDatabase, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
    this.events = new EventLog(db);
    this.#statements = prepare(db);
  }

  /** Stores a job and its first event, on the disk when it returns. */
  accept({ body, title, front, graphHash, key }: JobToStore): { readonly job: Job; readonly chunk: EventChunk } {
    const { insert, insertBody, place, insertKey } = this.#statements;
    return this.#db.transaction(() => {
      const id = randomUUID();
      const at = this.#now();
      const number = Number(insert.run(id, title, at, body.byteLength, graphHash).lastInsertRowid);
      place.run(front ? -number : number, number);
      insertBody.run(number, body);
      if (key) insertKey.run(key.key, key.bodyHash, id, at);
      const chunk = this.events.append(number, 0, [{ type: "queued", at }]);
      const ended = { startedAt: null, endedAt: null, error: null, arithmetic: null, files: [] };
      return { job: { id, number, title, state: "queued" as const, attempt: 0, createdAt: at, lastEvent: 1, ...ended }, chunk };
    })();
  }

  get(id: string): Job | undefined {
    const row = this.#row(id);
    return row && this.#job(row);
  }

  /** Whether there was a job with this id, which was pruned. */
  wasPruned(id: string): boolean {
    return this.#statements.tombstone.get(id) !== undefined;
  }

  /** The number of a job, which its events go by; undefined for an unknown one. */
  numberOf(id: string): number | undefined {
    return (this.#statements.numberOf.get(id) as { number: number } | undefined)?.number;
  }

  /** How many workers died of a job. */
  deathsOf(id: string): number {
    return this.#row(id)?.deaths ?? 0;
  }

  lastEventOf(number: number): number {
    return (this.#statements.lastEvent.get(number) as { last_event: number } | undefined)?.last_event ?? 0;
  }

  /** What was posted for a job. */
  body(id: string): Uint8Array | undefined {
    return (this.#statements.body.get(id) as { body: Buffer } | undefined)?.body;
  }

  /** Jobs that have not ended: those that run, then those that wait, in the order in which they will run. */
  unfinished(): Job[] {
    return (this.#statements.unfinished.all() as JobRow[]).map((row) => this.#job(row));
  }

  /** Jobs that have ended, with numbers below `before`, newest first. */
  finished(limit: number, before: number): Job[] {
    return (this.#statements.finished.all(before, limit) as JobRow[]).map((row) => this.#job(row));
  }

  queuedCount(): number {
    return (this.#statements.queuedCount.get() as { n: number }).n;
  }

  /** The job that this key was used for since `after` (milliseconds since 1970), and the hash of what was posted then. */
  byKey(key: string, after: number): { readonly bodyHash: string; readonly job: string } | undefined {
    const row = this.#statements.byKey.get(key, after) as { body_hash: string; job: string } | undefined;
    return row && { bodyHash: row.body_hash, job: row.job };
  }

  /** Jobs that made the same graph, newest first. */
  byGraph(graphHash: string, limit: number): Job[] {
    return (this.#statements.byGraph.all(graphHash, limit) as JobRow[]).map((row) => this.#job(row));
  }

  /** Begins the next attempt of the job that is first in the queue; undefined when none waits. It is counted before a worker has it. */
  claim(): Job | undefined {
    return writeSoon(this.#db, () => {
      const row = this.#statements.claim.get(this.#now()) as JobRow | undefined;
      return row && jobOfRow(row, []);
    });
  }

  /** Adds events to a job that runs at this attempt; undefined when it does no longer. */
  append(id: string, attempt: number, events: readonly JobEvent[]): EventChunk | undefined {
    return writeSoon(this.#db, () =>
      this.#db.transaction(() => {
        const row = this.#row(id);
        if (!row || row.attempt !== attempt || isFinal(row.state) || row.state === "queued") return undefined;
        return this.#record(row, events);
      })(),
    );
  }

  /**
   * Brings a job into another state, if it is in one from which it may come there, and at the attempt named; else nothing changes and undefined is
   * returned. With an ending come its files, and pictures of the output folder come into the gallery. On the disk when it returns.
   */
  move(id: string, move: Move): MoveResult {
    return this.#db.transaction(() => this.#move(id, move))();
  }

  /** Cancels all that wait; returns them. On the disk when it returns. */
  clear(): { readonly job: Job; readonly chunk: EventChunk }[] {
    return this.#db.transaction(() =>
      (this.#statements.queuedIds.all() as { id: string }[]).flatMap(
        ({ id }) => this.#move(id, { to: "cancelled", event: { type: "cancelled", at: this.#now() } }) ?? [],
      ),
    )();
  }

  #move(id: string, { to, before = [], event, attempt, died = false, error, files = [] }: Move): MoveResult {
    const row = this.#row(id);
    if (!row || (attempt !== undefined && row.attempt !== attempt)) return undefined;
    const at = this.#now();
    const froms = statesBefore(to);
    if (!froms.includes(row.state)) return undefined;
    const ended = isFinal(to) ? at : null;
    const { changes } = this.#statements.move.run(to, died ? 1 : 0, ended, error ? JSON.stringify(error) : null, row.number, row.state);
    if (changes !== 1) return undefined;
    if (ended !== null) this.#recordFiles(row, files, at);
    const chunk = this.#record(row, [...before, event]);
    return { job: this.#job(this.#row(id)!), chunk };
  }

  /** Adds events, and to the job itself what they say of it. */
  #record({ number, last_event: last }: JobRow, events: readonly JobEvent[]): EventChunk {
    for (const event of events) {
      if (event.type !== "started" || !event.arithmetic) continue;
      const { precision, isa, asked = null } = event.arithmetic;
      this.#statements.compute.run(precision, isa, asked, number);
    }
    return this.events.append(number, last, events);
  }

  #recordFiles({ number, id, title }: JobRow, files: readonly JobFile[], at: number): void {
    const { insertFile, insertResult } = this.#statements;
    for (const [place, file] of files.entries()) {
      insertFile.run(number, place, at, ...fileValues(file));
      if (file.type !== "output" || file.kind !== "images") continue;
      const { node, filename, subfolder, hash, bytes, mediaType, width, height } = file;
      insertResult.run(id, title, at, node, filename, subfolder, hash, bytes, mediaType, width, height);
    }
  }

  #row(id: string): JobRow | undefined {
    return this.#statements.get.get(id) as JobRow | undefined;
  }

  #job(row: JobRow): Job {
    return jobOfRow(row, isFinal(row.state) ? (this.#statements.files.all(row.number) as FileRow[]).map(fileOfRow) : []);
  }
}

function prepare(db: JobDatabase) {
  return {
    insert: db.prepare("INSERT INTO jobs (id, title, state, created_at, bytes, graph_hash) VALUES (?, ?, 'queued', ?, ?, ?)"),
    place: db.prepare("UPDATE jobs SET position = ? WHERE number = ?"),
    insertBody: db.prepare("INSERT INTO bodies (job, body) VALUES (?, ?)"),
    insertKey: db.prepare("INSERT OR REPLACE INTO idempotency_keys (key, body_hash, job, at) VALUES (?, ?, ?, ?)"),
    get: db.prepare(`SELECT ${jobColumns} FROM jobs WHERE id = ?`),
    numberOf: db.prepare("SELECT number FROM jobs WHERE id = ?"),
    lastEvent: db.prepare("SELECT last_event FROM jobs WHERE number = ?"),
    tombstone: db.prepare("SELECT at FROM tombstones WHERE id = ?"),
    body: db.prepare("SELECT body FROM bodies JOIN jobs ON jobs.number = bodies.job WHERE jobs.id = ?"),
    unfinished: db.prepare(`SELECT ${jobColumns} FROM jobs WHERE ${unfinished} ORDER BY state = 'queued', position`),
    finished: db.prepare(`SELECT ${jobColumns} FROM jobs WHERE NOT ${unfinished} AND number < ? ORDER BY number DESC LIMIT ?`),
    queuedCount: db.prepare("SELECT count(*) AS n FROM jobs WHERE state = 'queued'"),
    queuedIds: db.prepare("SELECT id FROM jobs WHERE state = 'queued' ORDER BY position"),
    byKey: db.prepare("SELECT body_hash, job FROM idempotency_keys WHERE key = ? AND at > ?"),
    byGraph: db.prepare(`SELECT ${jobColumns} FROM jobs WHERE graph_hash = ? ORDER BY number DESC LIMIT ?`),
    claim: db.prepare(
      `UPDATE jobs SET state = 'running', attempt = attempt + 1, started_at = ?, precision = NULL, isa = NULL, asked = NULL
       WHERE state = 'queued' AND number = (SELECT number FROM jobs WHERE state = 'queued' ORDER BY position LIMIT 1)
       RETURNING ${jobColumns}`,
    ),
    move: db.prepare("UPDATE jobs SET state = ?, deaths = deaths + ?, ended_at = ?, error = ? WHERE number = ? AND state = ?"),
    compute: db.prepare("UPDATE jobs SET precision = ?, isa = ?, asked = ? WHERE number = ?"),
    files: db.prepare(`SELECT ${fileColumns} FROM files WHERE job = ? ORDER BY place`),
    insertFile: db.prepare(`INSERT INTO files (job, place, recorded_at, ${fileColumns}) VALUES (?, ?, ?, ${"?, ".repeat(9)}?)`),
    // A file that a job names again because nothing had to be made anew is in the gallery already; under a name that was freed is a new picture.
    insertResult: db.prepare(
      `INSERT INTO results (job, title, created_at, node, filename, subfolder, hash, bytes, media_type, width, height)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (subfolder, filename) DO UPDATE SET job = excluded.job, title = excluded.title, created_at = excluded.created_at,
         node = excluded.node, hash = excluded.hash, bytes = excluded.bytes, media_type = excluded.media_type, width = excluded.width,
         height = excluded.height
       WHERE results.hash <> excluded.hash`,
    ),
  };
}
