import { timingSafeEqual, createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { ServerError } from "../server/serverError.js";

export interface AccessOptions {
  /** Names and addresses, without port, under which the server may be spoken to; IPv6 in brackets. */
  readonly hosts: ReadonlySet<string>;
  readonly port: number;
  readonly token: string;
}

/** The part of a request that is looked at. */
export type AccessRequest = Pick<IncomingMessage, "headers" | "rawHeaders" | "method">;

/**
 * Who may speak to the server. A page of another site can have a browser send requests here, and with a name that it lets point at this machine
 * (DNS rebinding) even read the answers: so the Host has to be one of ours, the Origin our own page, and a token that only the printed URL
 * carries has to come along. One function for HTTP and for the socket's upgrade.
 */
export class AccessGuard {
  readonly #options: AccessOptions;
  readonly #tokenHash: Buffer;

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#tokenHash = hashOf(options.token);
  }

  /** The cookie that carries the token: one for each port, as browsers share cookies between ports. */
  get cookieName(): string {
    return `patchbay-${this.#options.port}`;
  }

  /** @throws ServerError ACCESS_HOST, then ACCESS_ORIGIN, then ACCESS_TOKEN */
  check(request: AccessRequest): void {
    this.checkSite(request);
    if (!this.hasToken(request)) {
      throw new ServerError(
        "ACCESS_TOKEN",
        401,
        "The request carries no valid token: open the URL that the server printed, or send it as a bearer token",
      );
    }
  }

  /** @throws ServerError ACCESS_HOST, ACCESS_ORIGIN */
  checkSite({ headers, rawHeaders, method }: AccessRequest): void {
    const { host } = headers;
    if (
      rawHeaders.filter((name, i) => i % 2 === 0 && name.toLowerCase() === "host").length !== 1 ||
      host === undefined ||
      !this.#isOurs(host)
    ) {
      const given = host === undefined ? "none" : JSON.stringify(host.slice(0, 100));
      throw new ServerError(
        "ACCESS_HOST",
        421,
        `This server is not spoken to under the Host that was given (${given}); use the URL it printed`,
      );
    }
    const { origin, "sec-fetch-site": site } = headers;
    if (origin !== undefined && origin !== `http://${host.toLowerCase()}`) {
      throw new ServerError(
        "ACCESS_ORIGIN",
        403,
        `A page of ${JSON.stringify(origin.slice(0, 100))} may not use this server; only its own pages may`,
      );
    }
    // "none" is what a person typed or opened; that can only be a page or a file.
    const typed = site === "none" && (method === "GET" || method === "HEAD");
    if (site !== undefined && site !== "same-origin" && !typed) {
      throw new ServerError("ACCESS_ORIGIN", 403, `A request that comes from elsewhere (Sec-Fetch-Site: ${site.slice(0, 40)}) is refused`);
    }
  }

  hasToken({ headers }: Pick<AccessRequest, "headers">): boolean {
    const { authorization, cookie } = headers;
    if (authorization !== undefined) {
      const bearer = /^Bearer ([\w-]{1,256})$/i.exec(authorization);
      return bearer !== null && this.isToken(bearer[1]!);
    }
    const start = `${this.cookieName}=`;
    return (cookie ?? "").split(/; */).some((pair) => pair.startsWith(start) && this.isToken(pair.slice(start.length)));
  }

  /** In a time that says nothing of how much of it is right. */
  isToken(given: unknown): boolean {
    return typeof given === "string" && given !== "" && timingSafeEqual(hashOf(given), this.#tokenHash);
  }

  /** The header that gives a browser the token. */
  setCookie(): string {
    return `${this.cookieName}=${this.#options.token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`;
  }

  #isOurs(host: string): boolean {
    const { hosts, port } = this.#options;
    const parts = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::(\d{1,5}))?$/i.exec(host);
    return parts !== null && hosts.has(parts[1]!.toLowerCase()) && Number(parts[2] ?? 80) === port;
  }
}

function hashOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
