import Database from "libsql";

/** The record of jobs: one SQLite file, written by this process alone. */
export type JobDatabase = Database.Database;

/**
 * Opens (or makes) the database. WAL, so that a commit is one append; `synchronous=FULL`, so that what is committed survives a power cut.
 * Where that isn't asked for (events on the way), `writeSoon` says so.
 * @throws when the file was written by a later version
 */
export function openDatabase(file: string): JobDatabase {
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.pragma("foreign_keys = ON");
  // The log is folded into the file by \`checkpoint\`, when nothing waits for it; by itself only when it has grown to 64 MiB.
  db.pragma("wal_autocheckpoint = 16384");
  const version = (db.prepare("PRAGMA user_version").get() as { user_version: number }).user_version;
  if (version > migrations.length) {
    db.close();
    throw new Error(`"${file}" is of version ${version}; this Patchbay reads versions up to ${migrations.length}: update it`);
  }
  for (let next = version; next < migrations.length; next++) {
    db.transaction(() => {
      db.exec(migrations[next]!);
      db.exec(`PRAGMA user_version = ${next + 1}`);
    })();
  }
  return db;
}

/**
 * Commits without waiting for the disk: a killed process loses nothing of it, a power cut may. The next commit that does wait brings it to the
 * disk as well, as both lie in the same log.
 */
export function writeSoon<T>(db: JobDatabase, write: () => T): T {
  db.exec("PRAGMA synchronous = NORMAL");
  try {
    return write();
  } finally {
    db.exec("PRAGMA synchronous = FULL");
  }
}

/** Folds the log into the file, which takes some fsyncs: for when no job runs. Costs next to nothing when there is nothing to fold. */
export function checkpoint(db: JobDatabase): void {
  db.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
}

/** Each brings the database from one version to the next. */
const migrations = [
  `
  CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    -- Waiting jobs run in this order: the number, or its negative for one that goes before all others.
    position INTEGER NOT NULL DEFAULT 0,
    -- How often a worker has begun it: the epoch that its events have to name.
    attempt INTEGER NOT NULL DEFAULT 0,
    -- How many workers died of it.
    deaths INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    error TEXT,
    last_event INTEGER NOT NULL DEFAULT 0,
    -- Of its body and events.
    bytes INTEGER NOT NULL,
    -- Names what the graph makes; null for a big one.
    graph_hash TEXT
  ) STRICT;
  CREATE INDEX jobs_by_state ON jobs (state, position);
  CREATE INDEX jobs_by_graph ON jobs (graph_hash, number) WHERE graph_hash IS NOT NULL;
  -- What was posted, byte for byte: it is read again when the job runs after a restart, and when its graph is asked for.
  CREATE TABLE bodies (
    job INTEGER PRIMARY KEY REFERENCES jobs (number) ON DELETE CASCADE,
    body BLOB NOT NULL
  ) STRICT;
  -- Events \`first\` to \`first + count - 1\` of a job, as the inside of a JSON list.
  CREATE TABLE events (
    job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
    first INTEGER NOT NULL,
    count INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (job, first)
  ) STRICT;
  CREATE TABLE files (
    job INTEGER NOT NULL REFERENCES jobs (number) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    node TEXT NOT NULL,
    kind TEXT NOT NULL,
    filename TEXT NOT NULL,
    subfolder TEXT NOT NULL,
    type TEXT NOT NULL,
    hash TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (job, place)
  ) STRICT;
  CREATE INDEX files_by_hash ON files (hash);
  CREATE INDEX files_by_name ON files (type, subfolder, filename);
  -- The gallery. It outlives the jobs.
  CREATE TABLE results (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    job TEXT NOT NULL,
    title TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    node TEXT NOT NULL,
    filename TEXT NOT NULL,
    subfolder TEXT NOT NULL,
    hash TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    width INTEGER,
    height INTEGER,
    UNIQUE (subfolder, filename)
  ) STRICT;
  CREATE INDEX results_by_hash ON results (hash);
  CREATE TABLE idempotency_keys (
    key TEXT PRIMARY KEY,
    body_hash TEXT NOT NULL,
    job TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX idempotency_keys_by_age ON idempotency_keys (at);
  -- Jobs that were there and were pruned.
  CREATE TABLE tombstones (
    id TEXT PRIMARY KEY,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX tombstones_by_age ON tombstones (at);
  `,
  `
  -- What the last attempt is computed with, as its worker said it; null before, and of jobs that ran before there was a choice.
  ALTER TABLE jobs ADD COLUMN precision TEXT;
  ALTER TABLE jobs ADD COLUMN isa TEXT;
  `,
  `
  -- What was asked for, where that could not be had.
  ALTER TABLE jobs ADD COLUMN asked TEXT;
  `,
];
