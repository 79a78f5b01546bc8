import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../testing/testServer.js";

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "patchbay-pages-"));
  // A clone may lie below a hidden folder.
  const editorDir = join(folder, ".hidden", "dist");
  await mkdir(join(editorDir, "assets"), { recursive: true });
  await writeFile(join(editorDir, "index.html"), "<!doctype html><title>Studio</title>");
  await writeFile(join(editorDir, "assets", "index-1a2b.js"), "1");
  await writeFile(join(editorDir, "icon.svg"), "<svg/>");
  await writeFile(join(folder, ".hidden", "secret.txt"), "secret");
  server = await startTestServer({ editorDir, minFreeBytes: 2 ** 60 });
});
afterAll(async () => {
  await server.end();
  await rm(folder, { recursive: true });
});

const get = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${server.port}${path}`, {
    ...init,
    headers: { ...server.client.headers, ...(init.headers as Record<string, string>) },
  });

describe("the studio's files", () => {
  it.each(["/", "/index.html"])("the page at %s is always asked for anew", async (path) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain("Studio");
  });

  it("assets never change, others may", async () => {
    const asset = await get("/assets/index-1a2b.js");
    expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(asset.headers.get("content-type")).toContain("javascript");
    const icon = await get("/icon.svg");
    expect(icon.headers.get("cache-control")).toBe("public, max-age=0");
    expect(
      (await get("/icon.svg", { headers: { "if-modified-since": icon.headers.get("last-modified")!, "cache-control": "max-age=0" } }))
        .status,
    ).toBe(304);
  });

  it.each(["/assets/", "/assets", "/nothing", "/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/prompt", "/ws"])(
    "%s is not there",
    async (path) => {
      const response = await get(path);
      expect([400, 403, 404]).toContain(response.status);
      expect(await response.text()).not.toMatch(/^secret$/);
    },
  );

  it("without a built studio, it is said how to build it", async () => {
    const bare = await startTestServer();
    const response = await fetch(`http://127.0.0.1:${bare.port}/`, { headers: bare.client.headers });
    expect(response.status).toBe(404);
    expect(await response.text()).toContain("npm run build");
    await bare.end();
  });
});

it("no job is accepted when the disk has too little room", async () => {
  const response = await server.client.post([{ class_type: "Wait", inputs: { ms: 1 } }]);
  expect(response.status).toBe(507);
  expect(await response.json()).toMatchObject({ error: { code: "SERVER_DISK_FULL" } });
});
