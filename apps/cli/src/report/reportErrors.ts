import { printable } from "./printable.js";

/** One thing that is wrong, as it is shown. */
export interface Problem {
  readonly code: string;
  /** Where in the graph, "" for the whole. */
  readonly path: string;
  readonly message: string;
  readonly nodeType?: string | null;
}

/** Prints what is wrong: as text on the standard error, or as JSON on the standard output. Returns the exit code. */
export async function reportErrors(errors: readonly unknown[], { json }: { readonly json: boolean }): Promise<number> {
  const { errorEntry } = await import("@patchbay/runner/worker/errors");
  const problems = errors.map(problemOf);
  const exitCode = Math.max(1, ...problems.map(({ code }) => errorEntry(code)?.exitCode ?? 1));
  reportProblems(problems, { json, status: exitCode === 2 ? "invalid" : "failed" });
  return exitCode;
}

export function reportProblems(problems: readonly Problem[], { json, status }: { readonly json: boolean; readonly status: string }): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ status, errors: problems })}\n`);
    return;
  }
  for (const { code, path, message, nodeType } of problems) {
    const where = path ? ` at ${path}${nodeType ? ` (${nodeType})` : ""}` : "";
    process.stderr.write(`${printable(`${code}${where}: ${message}`)}\n`);
  }
}

function problemOf(error: unknown): Problem {
  const { code, path } = error as { code?: unknown; path?: unknown };
  return {
    code: typeof code === "string" && /^[A-Z]+_[A-Z0-9_]+$/.test(code) ? code : "CLI_INTERNAL",
    path: typeof path === "string" ? path : "",
    message: error instanceof Error ? error.message : String(error),
  };
}
