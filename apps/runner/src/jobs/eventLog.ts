import type { JobEvent } from "@patchbay/protocol";
import type { JobDatabase } from "./database.js";

/** Events from number `first` on; `text` is their JSON, a list without its brackets. */
export interface EventChunk {
  readonly first: number;
  readonly count: number;
  readonly text: string;
}

interface EventRow {
  readonly first: number;
  readonly count: number;
  readonly body: string;
}

/** The events of jobs, numbered per job. Written as they come, many to a row, and read in pieces of bounded size. */
export class EventLog {
  readonly #append;
  readonly #bump;
  readonly #read;

  constructor(db: JobDatabase) {
    this.#append = db.prepare("INSERT INTO events (job, first, count, body) VALUES (?, ?, ?, ?)");
    this.#bump = db.prepare("UPDATE jobs SET last_event = ?, bytes = bytes + ? WHERE number = ? AND last_event = ?");
    this.#read = db.prepare("SELECT first, count, body FROM events WHERE job = ? AND first + count > ? ORDER BY first LIMIT 1");
  }

  /**
   * Adds events after number `last` of the job with this number; within the caller's transaction. Returns the chunk.
   * @throws when another event came after `last` already
   */
  append(job: number, last: number, events: readonly JobEvent[]): EventChunk {
    const text = JSON.stringify(events).slice(1, -1);
    if (this.#bump.run(last + events.length, text.length, job, last).changes !== 1) {
      throw new Error(`Job ${job} has other events after number ${last} already`);
    }
    this.#append.run(job, last + 1, events.length, text);
    return { first: last + 1, count: events.length, text };
  }

  /** The next events after number `after`, at most about `maxLength` characters of them; undefined when there are none. */
  read(job: number, after: number, maxLength = 256 * 1024): EventChunk | undefined {
    const texts: string[] = [];
    let [first, count, length] = [0, 0, 0];
    for (;;) {
      const row = this.#read.get(job, count === 0 ? after + 1 : first + count) as EventRow | undefined;
      if (!row || (count > 0 && length + row.body.length > maxLength)) break;
      const part = rowAfter(row, after);
      if (count === 0) first = part.first;
      count += part.count;
      length += part.text.length;
      texts.push(part.text);
      if (length >= maxLength) break;
    }
    return count === 0 ? undefined : { first, count, text: texts.join(",") };
  }
}

/** The part of a row that comes after number `after`. */
function rowAfter({ first, count, body }: EventRow, after: number): EventChunk {
  if (first > after) return { first, count, text: body };
  const rest = (JSON.parse(`[${body}]`) as JobEvent[]).slice(after + 1 - first);
  return { first: after + 1, count: rest.length, text: JSON.stringify(rest).slice(1, -1) };
}
