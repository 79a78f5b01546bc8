import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { WorkerError } from "./workerError.js";
import { kindOf } from "./modelKinds.js";

/** One folder that an extra_model_paths.yaml file adds. */
export interface ModelPath {
  readonly kind: string;
  /** Absolute. */
  readonly folder: string;
  /** It goes before all folders that aren't. */
  readonly isDefault: boolean;
}

const MAX_BYTES = 1 << 20;

/**
 * Reads a file in the form of ComfyUI's extra_model_paths.yaml: sections with an optional `base_path` and `is_default`, and a folder, or
 * several on lines of their own, for each kind. Paths are relative to the base path, that one to the file; ~ and $NAME are filled in.
 * @throws CLI_MODEL_PATHS
 */
export async function readModelPaths(file: string): Promise<ModelPath[]> {
  const sections = await readYaml(file);
  if (sections === null) return [];
  const paths: ModelPath[] = [];
  for (const [section, entries] of Object.entries(expectRecord(sections, "the file", file))) {
    if (entries === null) continue;
    const { base_path: base, is_default: isDefault, ...kinds } = expectRecord(entries, `"${section}"`, file);
    const basePath = resolve(
      dirname(file),
      base === undefined || base === null ? "." : expand(expectText(base, `"${section}.base_path"`, file)),
    );
    for (const [name, folders] of Object.entries(kinds)) {
      for (const line of expectText(folders, `"${section}.${name}"`, file).split("\n")) {
        if (line.trim()) paths.push({ kind: kindOf(name), folder: resolve(basePath, expand(line.trim())), isDefault: isDefault === true });
      }
    }
  }
  return paths;
}

async function readYaml(file: string): Promise<unknown> {
  try {
    const text = await readFile(file, "utf8");
    if (text.length > MAX_BYTES) throw new Error(`it has ${text.length} characters, at most ${MAX_BYTES} are read`);
    return parse(text, { maxAliasCount: 10 }) as unknown;
  } catch (cause) {
    const reason = (cause as Error).message.split("\n")[0]!;
    throw new WorkerError("CLI_MODEL_PATHS", `Cannot read the model paths "${file}": ${reason}`, { cause });
  }
}

function expectRecord(value: unknown, what: string, file: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new WorkerError(
    "CLI_MODEL_PATHS",
    `Cannot read the model paths "${file}": ${what} must hold names with values, not ${describe(value)}`,
  );
}

function expectText(value: unknown, what: string, file: string): string {
  if (typeof value === "string") return value;
  throw new WorkerError("CLI_MODEL_PATHS", `Cannot read the model paths "${file}": ${what} must be a folder, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "names";
  return JSON.stringify(value) ?? "nothing";
}

function expand(path: string): string {
  const home = path === "~" || path.startsWith("~/") ? homedir() + path.slice(1) : path;
  return home.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => process.env[braced ?? bare ?? ""] ?? whole);
}
