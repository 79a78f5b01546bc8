import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { EngineError } from "./engineError.js";
import type { NativeEngine } from "./native.js";

let loaded: NativeEngine | undefined;

/** The addon, loaded once a process. @throws ENGINE_NOT_BUILT */
export function loadNative(): NativeEngine {
  if (loaded) return loaded;
  const path = fileURLToPath(new URL("../build/patchbay.node", import.meta.url));
  try {
    loaded = createRequire(import.meta.url)(path) as NativeEngine;
  } catch (cause) {
    throw new EngineError("ENGINE_NOT_BUILT", `could not load the native engine "${path}": run \`npm run build\``, { cause });
  }
  return loaded;
}
