import { Router } from "express";
import type { Gallery } from "../blobs/gallery.js";
import { methodNotAllowed, sendJson, wholeOf } from "./route.js";

const mostListed = 500;
const latest = Number.MAX_SAFE_INTEGER;

export interface ResultRoutesOptions {
  readonly gallery: Gallery;
  /** Shows a file in its folder. @throws ServerError RESULT_NO_DESKTOP */
  readonly reveal: (path: string) => Promise<void>;
  /** The gallery changed. */
  readonly onChange: () => void;
}

/** /studio/results: see packages/protocol, http.ts. */
export function resultRoutes({ gallery, reveal, onChange }: ResultRoutesOptions): Router {
  const router = Router();
  router
    .route("/results")
    .get((request, response) => {
      const limit = wholeOf(request, "limit", { least: 1, most: mostListed, otherwise: 50 });
      const found = gallery.list(limit + 1, wholeOf(request, "before", { least: 0, most: latest, otherwise: latest }));
      sendJson(response, 200, { results: found.slice(0, limit), more: found.length > limit });
    })
    .all(methodNotAllowed);
  router
    .route("/results/:id")
    .delete(async (request, response) => {
      await gallery.delete(request.params.id);
      onChange();
      response.status(204).end();
    })
    .all(methodNotAllowed);
  router
    .route("/results/:id/reveal")
    .post(async (request, response) => {
      await reveal(await gallery.pathOf(gallery.get(request.params.id)));
      response.status(204).end();
    })
    .all(methodNotAllowed);
  return router;
}
