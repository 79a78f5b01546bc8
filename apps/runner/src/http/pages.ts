import { join } from "node:path";
import express, { Router } from "express";
import { ServerError } from "../server/serverError.js";

/**
 * The built studio at /. Its assets carry a hash of their content in their names and never change; the page that names them is always asked for
 * anew.
 */
export function pages(editorDir: string | undefined): Router {
  const router = Router();
  if (editorDir === undefined) {
    router.get("/", () => {
      throw new ServerError(
        "HTTP_NOT_FOUND",
        404,
        "The studio is not built; `npm run build` builds it. The interface at /studio/ is there",
      );
    });
    return router;
  }
  router.get(["/", "/index.html"], (_, response) => {
    response.set("Cache-Control", "no-store");
    response.sendFile("index.html", { root: editorDir, cacheControl: false, etag: false, lastModified: false });
  });
  router.use("/assets", express.static(join(editorDir, "assets"), { index: false, immutable: true, maxAge: "1y", redirect: false }));
  router.use(express.static(editorDir, { index: false, maxAge: 0, redirect: false }));
  return router;
}
