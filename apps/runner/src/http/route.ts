import type { Request, RequestHandler, Response } from "express";
import { ServerError } from "../server/serverError.js";

/** Answers every other method of a path. */
export const methodNotAllowed: RequestHandler = (request) => {
  throw new ServerError("HTTP_METHOD", 405, `${request.method} is no way to use ${JSON.stringify(request.baseUrl + request.path)}`);
};

/** Answers with an object that holds no integers beyond 2^53. */
export function sendJson(response: Response, status: number, body: unknown): void {
  sendJsonText(response, status, JSON.stringify(body));
}

export function sendJsonText(response: Response, status: number, text: string): void {
  response.status(status).set("Cache-Control", "no-store").set("Content-Type", "application/json; charset=utf-8").end(text);
}

/** Answers with JSON that stays the same under its tag. */
export function sendTagged(request: Request, response: Response, text: string, tag: string): void {
  response.set("ETag", tag).set("Cache-Control", "no-cache");
  if (request.headers["if-none-match"] === tag) {
    response.status(304).end();
    return;
  }
  response.status(200).set("Content-Type", "application/json; charset=utf-8").end(text);
}

/** A whole number of the query string. @throws ServerError HTTP_REQUEST */
export function wholeOf(
  request: Request,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const given = request.query[name];
  if (given === undefined) return otherwise;
  const number = typeof given === "string" && /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new ServerError("HTTP_REQUEST", 400, `${name}=${JSON.stringify(given)} is not a whole number from ${least} to ${most}`);
}
