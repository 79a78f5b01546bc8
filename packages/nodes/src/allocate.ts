import { NodeError } from "./nodeError.js";

/** Elements of the largest array a node makes: 4 GiB of fp32. */
const MAX_ELEMENTS = 2 ** 30;

/**
 * Refuses a result of sizes that are beyond what one array may hold or beyond `memoryLimit` bytes; `what` names it in the message.
 * @throws NODE_TOO_LARGE
 */
export function expectRoom(what: string, sizes: readonly number[], memoryLimit: number | undefined): void {
  const most = Math.min(MAX_ELEMENTS, memoryLimit === undefined ? Infinity : memoryLimit / 4);
  if (!(elements(sizes) <= most)) throw tooLarge(what, sizes, `at most ${formatBytes(most * 4)} fit`);
}

/** Zeros for a result of the given sizes. @throws NODE_TOO_LARGE, also when the machine hasn't got the memory */
export function allocate(what: string, sizes: readonly number[], memoryLimit: number | undefined): Float32Array {
  expectRoom(what, sizes, memoryLimit);
  try {
    return new Float32Array(elements(sizes));
  } catch (cause) {
    throw tooLarge(what, sizes, "the machine has less", cause);
  }
}

function elements(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}

function tooLarge(what: string, sizes: readonly number[], room: string, cause?: unknown): NodeError {
  return new NodeError(
    "NODE_TOO_LARGE",
    `Cannot make ${what} of ${sizes.join("×")} values (${formatBytes(elements(sizes) * 4)}): ${room}`,
    {
      cause,
    },
  );
}

function formatBytes(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
