import { request, type IncomingHttpHeaders } from "node:http";
import { stat } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { ServerError } from "./serverError.js";
import { startTestServer, type TestServer } from "../testing/testServer.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.end());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** fetch sets Host and Origin by itself; here they are what the test says. */
function ask(path: string, headers: Record<string, string>, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port: server.port, path, method, headers, setHost: false }, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (text: string) => (body += text));
      response.on("end", () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** What a socket's upgrade is answered with: 101, or a status that refuses it. */
function upgrade(headers: Record<string, string>, path = "/studio/socket"): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}${path}`, { headers });
    socket.on("open", () => {
      socket.terminate();
      resolve(101);
    });
    socket.on("unexpected-response", (_, response) => {
      response.resume();
      socket.terminate();
      resolve(response.statusCode!);
    });
    socket.on("error", reject);
  });
}

type Headers = Record<string, string>;

describe("who may speak to the server", () => {
  const cases: readonly [name: string, status: number, headers: (port: number, token: string) => Headers][] = [
    ["its own page", 200, (port) => ({ origin: `http://127.0.0.1:${port}`, "sec-fetch-site": "same-origin" })],
    ["a program without an origin", 200, () => ({})],
    ["the page under its name", 200, (port) => ({ host: `localhost:${port}`, origin: `http://localhost:${port}` })],
    ["the page at the other loopback address", 200, (port) => ({ host: `[::1]:${port}`, origin: `http://[::1]:${port}` })],
    ["a name in capitals", 200, (port) => ({ host: `LOCALHOST:${port}` })],
    ["a foreign host", 421, (port) => ({ host: `evil.test:${port}` })],
    ["a foreign host with an origin that fits it", 421, (port) => ({ host: `evil.test:${port}`, origin: `http://evil.test:${port}` })],
    ["a host that begins like ours", 421, (port) => ({ host: `127.0.0.1.evil.test:${port}` })],
    ["a host that ends like ours", 421, (port) => ({ host: `evil-localhost:${port}` })],
    ["another port", 421, () => ({ host: "127.0.0.1:1" })],
    ["no port", 421, () => ({ host: "127.0.0.1" })],
    ["a host with a user", 421, (port) => ({ host: `evil@127.0.0.1:${port}` })],
    ["an address in another notation", 421, (port) => ({ host: `2130706433:${port}` })],
    ["another origin", 403, () => ({ origin: "http://evil.test" })],
    ["another port's page", 403, () => ({ origin: "http://127.0.0.1:1" })],
    ["the same origin over TLS", 403, (port) => ({ origin: `https://127.0.0.1:${port}` })],
    ["an origin that begins like ours", 403, (port) => ({ origin: `http://127.0.0.1:${port}.evil.test` })],
    ["a sandboxed page", 403, () => ({ origin: "null" })],
    ["a request from another site", 403, () => ({ "sec-fetch-site": "cross-site" })],
    ["a request from another port", 403, () => ({ "sec-fetch-site": "same-site" })],
    ["no token", 401, () => ({ authorization: "" })],
    ["a wrong token", 401, () => ({ authorization: "Bearer wrong" })],
    ["half a token", 401, (_, token) => ({ authorization: `Bearer ${token.slice(0, 20)}` })],
    ["a token of another kind", 401, (_, token) => ({ authorization: `Basic ${token}` })],
    ["the cookie", 200, (port, token) => ({ authorization: "-", cookie: `a=b; patchbay-${port}=${token}; c=d` })],
    ["another port's cookie", 401, (_, token) => ({ authorization: "-", cookie: `patchbay-1=${token}` })],
    ["a wrong cookie", 401, (port) => ({ authorization: "-", cookie: `patchbay-${port}=x` })],
  ];

  it.each(cases)("over HTTP: %s", async (_, status, headersOf) => {
    const { port, token } = server;
    const headers: Headers = { host: `127.0.0.1:${port}`, authorization: `Bearer ${token}`, ...headersOf(port, token) };
    if (headers["authorization"] === "-") delete headers["authorization"];
    const answer = await ask("/studio/status", headers);
    expect(answer.status).toBe(status);
    const code = { 421: "ACCESS_HOST", 403: "ACCESS_ORIGIN", 401: "ACCESS_TOKEN" }[status];
    if (code) expect(JSON.parse(answer.body)).toMatchObject({ error: { code } });
    // A page has no more rights than the interface.
    if (status === 421 || status === 403) expect((await ask("/", headers)).status).toBe(status);
  });

  it.each(cases)("on the socket's upgrade: %s", async (_, status, headersOf) => {
    const { port, token } = server;
    const headers: Headers = { host: `127.0.0.1:${port}`, authorization: `Bearer ${token}`, ...headersOf(port, token) };
    if (headers["authorization"] === "-") delete headers["authorization"];
    expect(await upgrade(headers)).toBe(status === 200 ? 101 : status);
  });

  it("the socket is at one path", async () => {
    expect(await upgrade({ authorization: `Bearer ${server.token}` }, "/studio/other")).toBe(404);
  });

  it("two Host headers are refused", async () => {
    const { port, token } = server;
    const socket = connect(port, "127.0.0.1");
    const host = `Host: 127.0.0.1:${port}\r\n`;
    socket.end(`GET /studio/status HTTP/1.1\r\n${host}${host}Authorization: Bearer ${token}\r\nConnection: close\r\n\r\n`);
    let answer = "";
    for await (const chunk of socket.setEncoding("utf8")) answer += chunk as string;
    expect(answer).toMatch(/^HTTP\/1\.1 4(00|21) /);
  });

  it("what a person typed may be a page, and no change", async () => {
    const headers = { host: `127.0.0.1:${server.port}`, authorization: `Bearer ${server.token}`, "sec-fetch-site": "none" };
    expect((await ask("/studio/status", headers)).status).toBe(200);
    expect((await ask("/studio/jobs/clear", headers, "POST")).status).toBe(403);
  });
});

describe("a browser", () => {
  const host = (): Headers => ({ host: `127.0.0.1:${server.port}` });

  it("gets the token as a cookie by opening the printed URL, which then disappears", async () => {
    const answer = await ask(new URL(server.url).pathname + new URL(server.url).search, host());
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe("/");
    const [cookie] = answer.headers["set-cookie"]!;
    expect(cookie).toMatch(new RegExp(`^patchbay-${server.port}=${server.token}; `));
    for (const part of ["HttpOnly", "SameSite=Strict", "Path=/"]) expect(cookie).toContain(part);
    expect((await ask("/studio/status", { ...host(), cookie: cookie!.split(";")[0]! })).status).toBe(200);
  });

  it.each(["/", "/?token=", "/?token=wrong", "/?token[]=a", "/assets/index.js"])(
    "without the token is told at %s how to get in",
    async (path) => {
      const answer = await ask(path, host());
      expect(answer.status).toBe(401);
      expect(answer.headers["content-type"]).toContain("text/html");
      expect(answer.body).toContain("terminal");
      expect(answer.headers["set-cookie"]).toBeUndefined();
      expect(answer.body).not.toContain(server.token);
    },
  );

  it("is told what it may load, with every answer", async () => {
    const known = { ...host(), authorization: `Bearer ${server.token}` };
    for (const answer of [
      await ask("/", host()),
      await ask("/studio/status", known),
      await ask("/studio/nothing", known),
      await ask("/", { host: "x" }),
    ]) {
      const policy = answer.headers["content-security-policy"] ?? "";
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("style-src 'self';");
      expect(policy).not.toContain("unsafe");
      expect(answer.headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
      });
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
      expect(answer.headers["x-powered-by"]).toBeUndefined();
    }
  });

  it("learns nothing of what it asked for wrongly", async () => {
    const known = { ...host(), authorization: `Bearer ${server.token}` };
    expect(await ask("/studio/nothing", known)).toMatchObject({ status: 404 });
    expect(await ask("/studio/jobs/%zz", known)).toMatchObject({ status: 400 });
    expect(await ask("/studio/jobs/clear", known)).toMatchObject({ status: 405 });
    expect(await ask("/studio/status", known, "DELETE")).toMatchObject({ status: 405 });
    expect(await ask("/studio/catalog", known, "POST")).toMatchObject({ status: 405 });
  });
});

describe("the token", () => {
  it("lies in a file of its owner's, and stays over a restart", async () => {
    const first = await startTestServer();
    const { dataDir, token } = first;
    expect((await stat(join(dataDir, "token"))).mode & 0o777).toBe(0o600);
    await first.close();
    const second = await startTestServer({ dataDir });
    expect(second.token).toBe(token);
    await second.end();
    await first.end();
  });
});

describe("starting", () => {
  it("refuses an address that others reach, until that is asked for", async () => {
    await expect(startTestServer({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "SERVER_REMOTE_HOST" });
    await expect(startTestServer({ host: "192.0.2.1" })).rejects.toThrow("--insecure-remote");
    const remote = await startTestServer({ host: "0.0.0.0", insecureRemote: true });
    expect((await fetch(`http://127.0.0.1:${remote.port}/studio/status`)).status).toBe(401);
    await remote.end();
  });

  it("refuses a port that is taken, and names another", async () => {
    const { port } = server;
    const error = await startTestServer({ port }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ code: "SERVER_PORT_IN_USE", message: expect.stringContaining(`--port ${port + 1}`) as string });
  });

  it("refuses a data folder that another server has", async () => {
    await expect(startTestServer({ dataDir: server.dataDir })).rejects.toMatchObject({ code: "SERVER_DATA_IN_USE" });
    // And the first one goes on.
    expect(await server.client.json("/status")).toMatchObject({ worker: expect.any(String) as string });
  });

  it("listens at both loopback addresses", async () => {
    const at = await fetch(`http://[::1]:${server.port}/studio/status`, { headers: server.client.headers }).catch(() => undefined);
    // A machine without IPv6 has only one.
    if (at) expect(at.status).toBe(200);
    expect((await fetch(`http://localhost:${server.port}/studio/status`, { headers: server.client.headers })).status).toBe(200);
  });
});
