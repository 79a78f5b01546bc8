import type { IncomingMessage } from "node:http";
import { ServerError } from "../server/serverError.js";

/**
 * The bytes of a request's body, at most `maxBytes`; compressed ones are not taken.
 * @throws ServerError HTTP_BODY_TOO_LARGE, HTTP_MEDIA_TYPE, HTTP_REQUEST
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  refuseEncoded(request);
  refuseTooLarge(request, maxBytes);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge(`more than ${maxBytes}`, maxBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
}

/** The same for a body that has to be called JSON: a form of another page can't be. */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type)) {
    throw new ServerError(
      "HTTP_MEDIA_TYPE",
      415,
      `The body is called ${JSON.stringify(type.slice(0, 80))}; send JSON, with Content-Type: application/json`,
    );
  }
  return readBody(request, maxBytes);
}

/** @throws ServerError HTTP_BODY_TOO_LARGE when the length that the request states is beyond */
export function refuseTooLarge(request: IncomingMessage, maxBytes: number): void {
  const stated = Number(request.headers["content-length"] ?? 0);
  if (stated > maxBytes) throw tooLarge(String(stated), maxBytes);
}

/** @throws ServerError HTTP_MEDIA_TYPE for a compressed body */
export function refuseEncoded({ headers }: IncomingMessage): void {
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return;
  throw new ServerError("HTTP_MEDIA_TYPE", 415, `The body is encoded as ${JSON.stringify(encoding.slice(0, 40))}; send it as it is`);
}

export function tooLarge(found: string, maxBytes: number): ServerError {
  return new ServerError("HTTP_BODY_TOO_LARGE", 413, `The body has ${found} bytes; at most ${maxBytes} are taken`);
}
