import { open } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { Router, type Request, type Response } from "express";
import { fileSecurityHeaders } from "../access/securityHeaders.js";
import type { BlobStore } from "../blobs/blobStore.js";
import { resolveInside } from "../blobs/resolveInside.js";
import { sniffImage, sniffedBytes } from "../blobs/sniffImage.js";
import { ServerError } from "../server/serverError.js";
import { methodNotAllowed } from "./route.js";

/** Folders whose files are served by their names. */
export interface NamedFolders {
  readonly input: string;
  readonly output: string;
  readonly temp: string;
}

/** /studio/blobs and /studio/files: see packages/protocol, http.ts. */
export function fileRoutes(blobs: BlobStore, folders: NamedFolders): Router {
  const router = Router();
  router
    .route("/blobs/:hash")
    .get(async (request, response) => {
      const { hash } = request.params;
      const path = blobs.pathOf(hash);
      const missing = new ServerError(
        "BLOB_UNKNOWN",
        404,
        `There is no content ${JSON.stringify(hash.slice(0, 80))}; old previews are removed in time`,
      );
      if (!path) throw missing;
      response.set("ETag", `"${hash}"`).set("Cache-Control", "private, max-age=31536000, immutable");
      if (request.headers["if-none-match"] === `"${hash}"`) {
        response.status(304).end();
        return;
      }
      await sendFile(path, hash, request, response, missing);
    })
    .all(methodNotAllowed);
  router
    .route("/files/:type/*path")
    .get(async (request, response) => {
      const { type, path } = request.params;
      const missing = new ServerError(
        "FILE_NOT_FOUND",
        404,
        `There is no file ${JSON.stringify(path.join("/").slice(0, 200))} in ${JSON.stringify(type)}`,
      );
      const folder = Object.hasOwn(folders, type) ? folders[type as keyof NamedFolders] : undefined;
      if (folder === undefined) throw missing;
      const file = await resolveInside(folder, path.join("/"));
      response.set("Cache-Control", "no-cache");
      await sendFile(file, basename(file), request, response, missing);
    })
    .all(methodNotAllowed);
  return router;
}

/** Sends a file as what its bytes say it is: a picture that browsers show, or something to be saved. */
async function sendFile(path: string, name: string, request: Request, response: Response, missing: ServerError): Promise<void> {
  const file = await open(path).catch(() => undefined);
  if (!file) throw missing;
  try {
    const found = await file.stat();
    if (!found.isFile()) throw missing;
    const head = Buffer.alloc(sniffedBytes);
    const { bytesRead } = await file.read(head, 0, sniffedBytes, 0);
    const mediaType = sniffImage(head.subarray(0, bytesRead))?.mediaType;
    response.set(fileSecurityHeaders).set("Content-Type", mediaType ?? "application/octet-stream");
    const disposition = `${mediaType ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", "%27")}`;
    response.set("Content-Disposition", disposition).set("Content-Length", String(found.size));
    if (request.method === "HEAD") response.end();
    else if (found.size === 0) response.end();
    else await pipeline(file.createReadStream({ start: 0, end: found.size - 1, autoClose: false }), response);
  } catch (error) {
    // Who asked may be gone before the end: nobody is left to be told.
    if (!response.destroyed) throw error;
  } finally {
    await file.close();
  }
}
