import { Router } from "express";
import type { Status } from "@patchbay/protocol";
import { methodNotAllowed, sendJson, sendTagged, sendJsonText } from "./route.js";

export interface StatusSource {
  status(): Status;
  /** The catalog as JSON; waits a while for a worker that starts. @throws ServerError WORKER_NOT_READY */
  catalog(): Promise<{ readonly text: string; readonly tag: string }>;
  knownNodes(): Promise<{ readonly text: string; readonly tag: string }>;
  /** welcomeSchema as JSON. */
  welcome(): Promise<string>;
}

/** /studio/status, /catalog, /known-nodes and /welcome: see packages/protocol, http.ts. */
export function statusRoutes(source: StatusSource): Router {
  const router = Router();
  router
    .route("/status")
    .get((_, response) => sendJson(response, 200, source.status()))
    .all(methodNotAllowed);
  router
    .route("/catalog")
    .get(async (request, response) => {
      const { text, tag } = await source.catalog();
      sendTagged(request, response, text, tag);
    })
    .all(methodNotAllowed);
  router
    .route("/known-nodes")
    .get(async (request, response) => {
      const { text, tag } = await source.knownNodes();
      sendTagged(request, response, text, tag);
    })
    .all(methodNotAllowed);
  router
    .route("/welcome")
    .get(async (_, response) => sendJsonText(response, 200, await source.welcome()))
    .all(methodNotAllowed);
  return router;
}
