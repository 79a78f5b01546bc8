/** An error of the worker with a code from the registry. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
  readonly code: `NODE_${string}` | `CLI_${string}` | `GRAPH_${string}`;

  constructor(code: WorkerError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
