import { mkdtempSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NodeError } from "../nodeError.js";
import type { NodeContext, SavedFile } from "../nodeContext.js";

/** A context whose folders are new and empty, and the files that nodes told of. */
export interface TestContext extends NodeContext {
  readonly files: SavedFile[];
}

export function testContext(changes: Partial<NodeContext> = {}): TestContext {
  const root = mkdtempSync(join(tmpdir(), "patchbay-nodes-"));
  const folder = (name: string): string => {
    mkdirSync(join(root, name));
    return join(root, name);
  };
  const files: SavedFile[] = [];
  return {
    signal: new AbortController().signal,
    models: {
      resolve: (kind, name) => Promise.reject(new NodeError("FILE_NOT_FOUND", `no ${kind} "${name}"`)),
      list: () => Promise.resolve([]),
    },
    inputDir: folder("input"),
    outputDir: folder("output"),
    tempDir: folder("temp"),
    metadata: undefined,
    memoryLimit: undefined,
    progress: () => undefined,
    warn: () => undefined,
    saved: (file) => void files.push(file),
    files,
    ...changes,
  };
}
