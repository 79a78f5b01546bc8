/** What the command line itself can refuse; the registry in packages/protocol explains each code. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: `CLI_${string}`;

  constructor(code: CliError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
