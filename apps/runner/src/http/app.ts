import express, { type Express, type NextFunction, type Request, type Response } from "express";
import type { AccessGuard } from "../access/accessGuard.js";
import { entrancePage } from "../access/entrancePage.js";
import { securityHeaders } from "../access/securityHeaders.js";
import { ServerError } from "../server/serverError.js";
import { errorAnswer } from "./errorAnswer.js";

export interface AppOptions {
  /** Known once the port is. */
  readonly guard: () => AccessGuard;
  /** Routes below /studio. */
  readonly routers: readonly express.Router[];
  /** What is served at /. */
  readonly pages: express.Router;
  readonly log: (line: string) => void;
}

/** The whole of what is answered over HTTP: guards first, whatever the path; then the routes. */
export function createApp({ guard, routers, pages, log }: AppOptions): Express {
  const app = express();
  const headersOf = memoized(securityHeaders);
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", (text: string) => Object.fromEntries(new URLSearchParams(text)));

  app.use((request, response, next) => {
    try {
      guard().checkSite(request);
    } catch (error) {
      setHeaders(response, headersOf("127.0.0.1"));
      throw error;
    }
    setHeaders(response, headersOf(request.headers.host!));
    if (request.path === "/" && request.query["token"] !== undefined) enter(guard(), request, response);
    else if (guard().hasToken(request)) next();
    else refuse(guard(), request, response);
  });
  for (const router of routers) app.use("/studio", router);
  app.use("/studio", ({ path }) => {
    throw new ServerError(
      "HTTP_NOT_FOUND",
      404,
      `There is nothing at ${JSON.stringify(`/studio${path}`.slice(0, 200))}; the routes are listed in packages/protocol`,
    );
  });
  app.use(pages);
  app.use(({ path }) => {
    throw new ServerError("HTTP_NOT_FOUND", 404, `There is nothing at ${JSON.stringify(path.slice(0, 200))}; the studio is at /`);
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const { status, answer, fault } = errorAnswer(error);
    if (fault) log(`${request.method} ${request.path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (response.headersSent) {
      next(error);
      return;
    }
    if (answer.error.code === "JOB_QUEUE_FULL" || answer.error.code === "WORKER_NOT_READY") response.set("Retry-After", "5");
    // A body that was not read to its end would be taken for the next request.
    if (!request.complete) response.set("Connection", "close");
    response.status(status).set("Cache-Control", "no-store").json(answer);
  });
  return app;
}

/** For arguments of which there are few: here the names under which the server may be spoken to. */
function memoized<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>();
  return (key) => {
    const known = made.get(key) ?? make(key);
    made.set(key, known);
    return known;
  };
}

function setHeaders(response: Response, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Gives a browser the token that it brings in the URL, and sends it on to where the URL shows none. */
function enter(guard: AccessGuard, request: Request, response: Response): void {
  if (request.method !== "GET" || !guard.isToken(request.query["token"])) {
    refuse(guard, request, response);
    return;
  }
  response.set("Cache-Control", "no-store").set("Set-Cookie", guard.setCookie()).redirect(303, "/");
}

/** Tells a person how to get in, and a program what is wrong. */
function refuse(guard: AccessGuard, request: Request, response: Response): void {
  if (request.method !== "GET" || request.path.startsWith("/studio")) guard.check(request);
  response.status(401).set("Cache-Control", "no-store").type("html").send(entrancePage);
}
