import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { EngineError, type EngineErrorCode } from "./engineError.js";
import type { NativeEngine } from "./native.js";

let loaded: NativeEngine | undefined;

/** Another build of the addon, such as one under a sanitizer. */
const PATH_VARIABLE = "PATCHBAY_ADDON";

/** The addon, loaded once a process; its failures surface as EngineError. @throws ENGINE_NOT_BUILT */
export function loadNative(): NativeEngine {
  if (loaded) return loaded;
  const path = process.env[PATH_VARIABLE] ?? fileURLToPath(new URL("../build/patchbay.node", import.meta.url));
  let addon: NativeEngine;
  try {
    addon = createRequire(import.meta.url)(path) as NativeEngine;
  } catch (cause) {
    throw new EngineError("ENGINE_NOT_BUILT", `could not load the native engine "${path}": run \`npm run build\``, { cause });
  }
  const engine: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(addon)) {
    engine[name] = typeof member === "function" ? withEngineErrors(member as (...args: unknown[]) => unknown) : member;
  }
  loaded = engine as unknown as NativeEngine;
  return loaded;
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
