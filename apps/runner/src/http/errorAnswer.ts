import { GraphError } from "@patchbay/graph";
import type { ErrorAnswer } from "@patchbay/protocol";
import { ServerError } from "../server/serverError.js";

/** An error as it is answered. What has no code of its own is a fault of ours, whose details stay in the log. */
export function errorAnswer(error: unknown): { readonly status: number; readonly answer: ErrorAnswer; readonly fault: boolean } {
  if (error instanceof ServerError) {
    const { code, status, message, problems } = error;
    return { status, answer: { error: { code, message, ...(problems && { problems: [...problems] }) } }, fault: false };
  }
  if (error instanceof GraphError) {
    const { code, path, message } = error;
    const problems = [{ code, path: path.startsWith("nodes.") ? path : "", nodeType: null, message }];
    return { status: code === "GRAPH_TOO_LARGE" ? 413 : 400, answer: { error: { code, message, problems } }, fault: false };
  }
  // What express itself refuses, such as a path that can't be decoded.
  const { status } = error as { status?: unknown };
  if (typeof status === "number" && status >= 400 && status < 500) {
    return {
      status,
      answer: { error: { code: "HTTP_REQUEST", message: "The request could not be read; look at its path and its headers" } },
      fault: false,
    };
  }
  const message = "The server failed in a way that has no code of its own; its log says more";
  return { status: 500, answer: { error: { code: "SERVER_INTERNAL", message } }, fault: true };
}
