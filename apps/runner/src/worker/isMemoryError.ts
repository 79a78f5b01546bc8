import { codeOf } from "./runOutcome.js";

/** Whether something failed for want of memory, so that it may go well when there is more. */
export function isMemoryError(error: unknown): boolean {
  if (codeOf(error) === "ENGINE_MEMORY") return true;
  // An array that could not be made is a RangeError; nodes name it as the cause. A size beyond all bounds has none.
  const reason = codeOf(error) === "NODE_TOO_LARGE" ? (error as Error).cause : error;
  return reason instanceof RangeError && /allocation/i.test(reason.message);
}
