import { isJsonObject, parseJson, stringifyJson, type JsonObject } from "@patchbay/graph";

/** What a draft was run as: its jobs, the newest last, and the seeds that the last one used. */
export interface RememberedRun {
  readonly jobs: readonly string[];
  readonly seeds: Readonly<Record<string, Readonly<Record<string, number | bigint>>>>;
}

const key = "patchbay.runs";
const keptDrafts = 50;
const keptJobs = 10;

/** The runs of a draft; none when it was not run, or when what is stored is broken. */
export function readRuns(draft: string, storage: Pick<Storage, "getItem"> = localStorage): RememberedRun {
  const entry = stored(storage)[draft];
  if (!isJsonObject(entry)) return { jobs: [], seeds: {} };
  const { jobs, seeds } = entry;
  return {
    jobs: Array.isArray(jobs) ? jobs.filter((id) => typeof id === "string") : [],
    seeds: isJsonObject(seeds)
      ? Object.fromEntries(
          Object.entries(seeds).flatMap(([node, values]) =>
            isJsonObject(values)
              ? [
                  [
                    node,
                    Object.fromEntries(
                      Object.entries(values).filter(
                        (pair): pair is [string, number | bigint] => typeof pair[1] === "number" || typeof pair[1] === "bigint",
                      ),
                    ),
                  ],
                ]
              : [],
          ),
        )
      : {},
  };
}

/** Keeps the runs of a draft, and those of the drafts before it. */
export function writeRuns(
  draft: string,
  { jobs, seeds }: RememberedRun,
  storage: Pick<Storage, "getItem" | "setItem"> = localStorage,
): void {
  const { [draft]: _, ...others } = stored(storage);
  const entries = [...Object.entries(others).slice(1 - keptDrafts), [draft, { jobs: jobs.slice(-keptJobs), seeds: { ...seeds } }] as const];
  storage.setItem(key, stringifyJson(Object.fromEntries(entries) as unknown as JsonObject));
}

function stored(storage: Pick<Storage, "getItem">): JsonObject {
  try {
    const value = parseJson(storage.getItem(key) ?? "{}");
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
