import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { errorCodes, errorEntry } from "./errors.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Codes stand in the sources as whole strings. Node types and the like that look like codes are in data files, which are left out. */
const CODE =
  /["'`]((?:GRAPH|NODE|ENGINE|MODEL|WEIGHTS|CLI|FILE|JOB|WORKER|ACCESS|HTTP|SOCKET|BLOB|RESULT|UPLOAD|SERVER|EDITOR)_[A-Z0-9_]+)["'`]/g;
const skipped =
  /(\.test\.ts|Data\.ts)$|[\\/](testing|node_modules|dist|build)[\\/]|protocol[\\/]src[\\/]errors\.ts$|(graph|editor)Error\.ts$/;

function codesInSources(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of ["packages", "apps"]) {
    for (const name of readdirSync(join(root, folder))) {
      for (const part of ["src", "native"]) {
        for (const path of filesBelow(join(root, folder, name, part))) {
          for (const [, code] of readFileSync(path, "utf8").matchAll(CODE)) found.set(code!, path.slice(root.length));
        }
      }
    }
  }
  return found;
}

function filesBelow(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  } catch {
    return [];
  }
  return names.map((name) => join(folder, name)).filter((path) => /\.(tsx?|cc|h)$/.test(path) && !skipped.test(path));
}

describe("the registry of error codes", () => {
  const thrown = codesInSources();

  it("has every code that is thrown", () => {
    expect(thrown.size).toBeGreaterThan(40);
    const missing = [...thrown].filter(([code]) => !Object.hasOwn(errorCodes, code)).map(([code, path]) => `${code} (${path})`);
    expect(missing).toEqual([]);
  });

  it("has no code that nothing throws", () => {
    expect(Object.keys(errorCodes).filter((code) => !thrown.has(code))).toEqual([]);
  });

  it.each(Object.entries(errorCodes))("%s has a meaning and a remedy in whole sentences", (_, { meaning, remedy, exitCode }) => {
    expect(meaning).toMatch(/^[A-Z].*\.$/);
    expect(remedy).toMatch(/^[A-Z].*\.$/);
    expect([1, 2, 130]).toContain(exitCode);
  });

  it("knows nothing of other names", () => {
    expect(errorEntry("toString")).toBeUndefined();
    expect(errorEntry("FILE_NAME")).toMatchObject({ exitCode: 1 });
  });
});
