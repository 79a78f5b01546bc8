import type { ErrorCode, Problem } from "@patchbay/protocol";

/** An error that the server answers: a code of the registry, and the status that goes with it over HTTP. */
export class ServerError extends Error {
  override readonly name = "ServerError";
  readonly code: ErrorCode;
  readonly status: number;
  /** For a graph that can't be run: everything that is wrong with it. */
  readonly problems: readonly Problem[] | undefined;

  constructor(
    code: ErrorCode,
    status: number,
    message: string,
    { problems, ...options }: ErrorOptions & { problems?: readonly Problem[] } = {},
  ) {
    super(message, options);
    this.code = code;
    this.status = status;
    this.problems = problems;
  }
}
