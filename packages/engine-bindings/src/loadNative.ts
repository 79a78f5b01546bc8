import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { EngineError, type EngineErrorCode } from "./engineError.js";
import type { NativeEngine } from "./native.js";

let loaded: NativeEngine | undefined;

/** Another build of the addon, such as one under a sanitizer. */
const PATH_VARIABLE = "PATCHBAY_ADDON";

/** Everything NativeEngine declares: an addon of another version is found out when it is loaded, not in the middle of a run. */
const MEMBERS: Record<keyof NativeEngine, "function" | "object"> = {
  availableIsas: "object",
  configure: "function",
  configuration: "function",
  openFile: "function",
  fileWeight: "function",
  memoryWeight: "function",
  readWeight: "function",
  disposeWeight: "function",
  loadPlan: "function",
  planMemory: "function",
  run: "function",
  disposePlan: "function",
  memory: "function",
  resetPeak: "function",
};

/** The addon, loaded once a process; its failures surface as EngineError. @throws ENGINE_NOT_BUILT */
export function loadNative(): NativeEngine {
  if (loaded) return loaded;
  // An empty variable counts as unset.
  loaded = loadAddon(process.env[PATH_VARIABLE] || fileURLToPath(new URL("../build/patchbay.node", import.meta.url)));
  return loaded;
}

/** Loads and validates the addon at `path`. @throws ENGINE_NOT_BUILT when it is not there, does not load or is of another version */
export function loadAddon(path: string): NativeEngine {
  let addon: Record<string, unknown>;
  try {
    addon = createRequire(import.meta.url)(path) as Record<string, unknown>;
  } catch (cause) {
    throw new EngineError("ENGINE_NOT_BUILT", `could not load the native engine "${path}": run \`npm run build\``, { cause });
  }
  const engine: Record<string, unknown> = {};
  for (const [name, type] of Object.entries(MEMBERS)) {
    const member = addon[name];
    if (typeof member !== type) {
      throw new EngineError("ENGINE_NOT_BUILT", `could not use the native engine "${path}": it has no "${name}"; run \`npm run build\``);
    }
    engine[name] = typeof member === "function" ? withEngineErrors(member as (...args: unknown[]) => unknown) : member;
  }
  return engine as unknown as NativeEngine;
}

function withEngineErrors(method: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  return (...args) => {
    try {
      const result = method(...args);
      return result instanceof Promise
        ? result.catch((error: unknown) => {
            throw asEngineError(error);
          })
        : result;
    } catch (error) {
      throw asEngineError(error);
    }
  };
}

/** The addon's plain errors carry a code; anything else is left as it is. */
function asEngineError(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string" || !error.code.startsWith("ENGINE_")) return error;
  return new EngineError(error.code as EngineErrorCode, error.message);
}
