/** Codes of everything the engine and the models above it can refuse; the registry in packages/protocol explains each. */
export type EngineErrorCode = `ENGINE_${string}` | `MODEL_${string}` | `WEIGHTS_${string}`;

/** An error with a code from the registry. The message says what was tried, with the value quoted, and what would be right. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
