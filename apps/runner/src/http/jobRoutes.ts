import { Router, type Request } from "express";
import { isJsonObject, parseJson, stringifyJson } from "@patchbay/graph";
import type { JobDesk } from "../jobs/jobDesk.js";
import { ServerError } from "../server/serverError.js";
import { readJsonBody } from "./readBody.js";
import { methodNotAllowed, sendJson, sendJsonText, wholeOf } from "./route.js";

/** Most bytes of a posted job: those of the graph limits. */
const maxBody = 64 * 1024 * 1024;
const mostListed = 500;
const latest = Number.MAX_SAFE_INTEGER;

/** /studio/jobs: see packages/protocol, http.ts. */
export function jobRoutes(desk: JobDesk): Router {
  const router = Router();
  router
    .route("/jobs")
    .post(async (request, response) => {
      const key = keyOf(request);
      const job = await desk.intake.accept(await readJsonBody(request, maxBody), key);
      sendJson(response, 201, desk.view(job));
    })
    .get((request, response) => {
      const limit = wholeOf(request, "limit", { least: 1, most: mostListed, otherwise: 50 });
      const before = wholeOf(request, "before", { least: 0, most: latest, otherwise: latest });
      // One more than asked for tells whether there are more.
      const finished = desk.store.finished(limit + 1, before);
      const unfinished = before === latest ? desk.store.unfinished().map((job) => desk.view(job)) : [];
      sendJson(response, 200, { jobs: [...unfinished, ...finished.slice(0, limit)], more: finished.length > limit });
    })
    .all(methodNotAllowed);
  router
    .route("/jobs/clear")
    .post((_, response) => sendJson(response, 200, { cancelled: desk.dispatcher.clear() }))
    .all(methodNotAllowed);
  router
    .route("/jobs/:id")
    .get((request, response) => sendJson(response, 200, desk.job(request.params.id)))
    .all(methodNotAllowed);
  router
    .route("/jobs/:id/graph")
    .get((request, response) => {
      const { id } = desk.job(request.params.id);
      const posted = parseJson(desk.store.body(id) ?? new Uint8Array());
      if (!isJsonObject(posted)) throw new Error(`The body of job ${id} is no object`);
      sendJsonText(response, 200, stringifyJson({ prompt: posted["prompt"]!, workflow: posted["workflow"] ?? null }));
    })
    .all(methodNotAllowed);
  router
    .route("/jobs/:id/events")
    .get(async (request, response) => {
      const job = desk.job(request.params.id);
      const after = wholeOf(request, "after", { least: 0, most: latest, otherwise: 0 });
      response.status(200).set("Cache-Control", "no-store").set("Content-Type", "application/json; charset=utf-8");
      response.write(`{"first":${after + 1},"events":[`);
      // In pieces, so that the events of a big graph neither fill the memory nor hold up others.
      for (let chunk = desk.store.events.read(job.number, after); chunk;) {
        response.write(chunk.text);
        const next = chunk.first + chunk.count - 1;
        chunk = next >= job.lastEvent ? undefined : desk.store.events.read(job.number, next);
        if (!chunk) break;
        if (!response.write(",")) await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
        if (response.destroyed) return;
      }
      response.end("]}");
    })
    .all(methodNotAllowed);
  router
    .route("/jobs/:id/cancel")
    .post((request, response) => {
      const { id } = desk.job(request.params.id);
      desk.dispatcher.cancel(id);
      sendJson(response, 200, desk.job(id));
    })
    .all(methodNotAllowed);
  return router;
}

function keyOf(request: Request): string | undefined {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return undefined;
  if (typeof key === "string" && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new ServerError("HTTP_REQUEST", 400, "The Idempotency-Key is not 1 to 255 printable characters without blanks, such as a UUID");
}
