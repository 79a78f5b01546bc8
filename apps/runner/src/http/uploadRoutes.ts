import { Router, type Request } from "express";
import { storeUpload } from "../blobs/uploadStore.js";
import { ServerError } from "../server/serverError.js";
import { refuseEncoded, refuseTooLarge, tooLarge } from "./readBody.js";
import { methodNotAllowed, sendJson } from "./route.js";

/** Most bytes of one upload. */
const maxUpload = 64 * 1024 * 1024;

/** /studio/uploads: see packages/protocol, http.ts. `refresh` resolves when the catalog lists what is there. */
export function uploadRoutes(inputDir: string, refresh: () => Promise<void>): Router {
  const router = Router();
  router
    .route("/uploads")
    .post(async (request, response) => {
      const { name } = request.query;
      if (typeof name !== "string" || name === "" || name.length > 1024) {
        throw new ServerError("UPLOAD_NAME", 400, "The URL has no ?name= of 1 to 1024 characters: what the file is to be called");
      }
      refuseEncoded(request);
      refuseTooLarge(request, maxUpload);
      const stored = await storeUpload(inputDir, name, bounded(request));
      await refresh();
      sendJson(response, 201, { name: stored, subfolder: "", type: "input" });
    })
    .all(methodNotAllowed);
  return router;
}

async function* bounded(request: Request): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxUpload) throw tooLarge(`more than ${maxUpload}`, maxUpload);
    yield chunk;
  }
}
