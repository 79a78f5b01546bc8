import type { Arithmetic, RunError } from "@patchbay/protocol";
import type { SavedFile } from "@patchbay/nodes";

/** How a run ended. */
export type RunOutcome =
  | {
      readonly status: "done";
      readonly seconds: number;
      readonly files: Readonly<Record<string, readonly SavedFile[]>>;
      readonly arithmetic: Arithmetic;
    }
  | { readonly status: "failed"; readonly error: RunError; readonly cause: unknown }
  | { readonly status: "cancelled" };

/** The code of an error that has one. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^(GRAPH|NODE|ENGINE|MODEL|WEIGHTS|CLI|FILE)_/.test(code) ? code : undefined;
}
