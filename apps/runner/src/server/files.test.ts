import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Result, ResultList, Uploaded } from "@patchbay/protocol";
import { startTestServer, type TestClient, type TestServer } from "../testing/testServer.js";

const png = (content: string): Buffer => Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), Buffer.from(content)]);
const heads: Readonly<Record<string, Buffer>> = {
  "image/png": png("0123456789"),
  "image/jpeg": Buffer.from("\xff\xd8\xff\xe0 0123456789", "latin1"),
  "image/webp": Buffer.from("RIFF0000WEBPVP8 0123"),
  "image/gif": Buffer.from("GIF89a0123456789"),
};

let server: TestServer;
let client: TestClient;
beforeAll(async () => {
  server = await startTestServer();
  ({ client } = server);
});
afterAll(() => server.end());

const upload = (name: string, body: Uint8Array): Promise<Response> =>
  client.request(`/uploads?name=${encodeURIComponent(name)}`, { method: "POST", body: body as Uint8Array<ArrayBuffer> });
const uploadedName = async (name: string, body: Uint8Array): Promise<string> =>
  ((await (await upload(name, body)).json()) as Uploaded).name;
const inputNames = (): Promise<string[]> => readdir(join(server.dataDir, "input"));

describe("an upload", () => {
  it("lies in the input folder whole, and the catalog lists it when it is answered", async () => {
    const response = await upload("cat.png", png("cat"));
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ name: "cat.png", subfolder: "", type: "input" });
    expect(await readFile(join(server.dataDir, "input", "cat.png"))).toEqual(png("cat"));
    const catalog = await client.json<Record<string, { input: { required: { file: [string, { options: string[] }] } } }>>("/catalog");
    expect(catalog["Name"]!.input.required.file[1].options).toContain("cat.png");
    // And a graph may name it at once.
    expect((await client.post([{ class_type: "Name", inputs: { file: "cat.png" } }])).status).toBe(201);
  });

  it("is there once under one name, and beside what has the name already", async () => {
    const names = await Promise.all(Array.from({ length: 6 }, (_, i) => uploadedName("same.png", png(`picture ${i % 2}`))));
    expect(new Set(names)).toEqual(new Set(["same.png", "same (1).png"]));
    expect(await uploadedName("same.png", png("picture 0"))).toBe(names[0]);
    expect((await inputNames()).filter((name) => name.startsWith("same"))).toHaveLength(2);
  });

  it.each([
    ["../../etc/passwd.png", "passwd.png"],
    ["..\\..\\windows\\x.png", "x.png"],
    ["/absolute.png", "absolute.png"],
    ["..", "image.png"],
    [".hidden.png", "hidden.png"],
    ["a\u0000b\r\nc.png", "abc.png"],
    ["con.png", "image-con.png"],
    ["LPT1.tar.png", "image-LPT1.tar.png"],
    ["trailing. .png", "trailing.png"],
    ["\u202egnp.exe", "gnp.exe.png"],
    ["page.html", "page.html.png"],
    ["C:\\fakepath\\d.PNG", "d.png"],
    ["Füße 猫.png", "Füße 猫.png"],
    ["?*|<>.png", "image.png"],
  ])("called %j gets a name that is safe: %j", async (given, name) => {
    const answered = await uploadedName(given, png(given));
    expect(answered.replace(/ \(\d+\)(?=\.png$)/, "")).toBe(name.replace(/ \(\d+\)(?=\.png$)/, ""));
    expect(await inputNames()).toContain(answered);
  });

  it("with a name that is too long is cut", async () => {
    const name = await uploadedName(`${"猫".repeat(300)}.png`, png("long"));
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(name).toMatch(/^猫+\.png$/);
  });

  it.each([
    ["a page", Buffer.from("<html><script>1</script>")],
    ["a drawing with script", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="1"/>')],
    ["nothing", Buffer.alloc(0)],
    ["one byte", Buffer.from([0x89])],
  ])("of %s is refused, and nothing of it stays", async (_, body) => {
    const before = await inputNames();
    const response = await upload("x.png", body);
    expect(response.status).toBe(415);
    expect(await response.json()).toMatchObject({ error: { code: "UPLOAD_TYPE" } });
    expect(await inputNames()).toEqual(before);
  });

  it("that is too large is refused, and nothing of it stays", async () => {
    const before = await inputNames();
    // Without a length that could be looked at first.
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield png("");
      for (let i = 0; i < 70; i++) yield new Uint8Array(1024 * 1024);
    }
    const sent = client.request("/uploads?name=big.png", { method: "POST", body: endless(), duplex: "half" } as RequestInit);
    const status = await sent.then((response) => response.status).catch(() => 413);
    expect(status).toBe(413);
    expect(await inputNames()).toEqual(before);
  });

  it("needs a name", async () => {
    expect((await client.request("/uploads", { method: "POST", body: "x" })).status).toBe(400);
    expect((await client.request(`/uploads?name=${"x".repeat(2000)}`, { method: "POST", body: "x" })).status).toBe(400);
  });
});

describe("a named file", () => {
  it.each(Object.entries(heads))("of %s is shown as that", async (mediaType, bytes) => {
    await writeFile(join(server.dataDir, "output", "shown.bin"), bytes);
    const response = await client.request("/files/output/shown.bin");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe(mediaType);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(response.headers.get("content-security-policy")).toContain("sandbox");
    expect(response.headers.get("content-disposition")).toMatch(/^inline/);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
  });

  it.each(["<svg onload=1>", "<html>", "%PDF-1.7", "MIME-Version: 1.0", "{}", ""])(
    "that begins with %j is only saved, whatever its name",
    async (text) => {
      for (const name of ["a.png", "a.svg", "a.html"]) {
        await writeFile(join(server.dataDir, "output", name), text);
        const response = await client.request(`/files/output/${name}`);
        expect(response.headers.get("content-type")).toBe("application/octet-stream");
        expect(response.headers.get("content-disposition")).toMatch(/^attachment/);
        expect(response.headers.get("content-security-policy")).toContain("sandbox");
        expect(await response.text()).toBe(text);
      }
    },
  );

  it("below a folder is found by its path, with any name", async () => {
    await mkdir(join(server.dataDir, "output", "sub", "ü"), { recursive: true });
    await writeFile(join(server.dataDir, "output", "sub", "ü", "100% a'b\".png"), png("deep"));
    const response = await client.request(`/files/output/sub/${encodeURIComponent("ü")}/${encodeURIComponent("100% a'b\".png")}`);
    expect(response.status).toBe(200);
  });

  it.each([
    "/files/output/../token",
    "/files/output/%2e%2e/token",
    "/files/output/%2e%2e%2ftoken",
    "/files/output/..%5ctoken",
    "/files/output/sub/..%2f..%2f..%2ftoken",
    "/files/output/%2fetc%2fpasswd",
    "/files/output/a%00.png",
    "/files/output/link-out",
    "/files/output/link-out/passwd",
    "/files/output/sub",
    "/files/output/",
    "/files/models/x",
    "/files/__proto__/x",
    "/files/data/token",
    "/files/output-evil/x",
    "/files/output//token",
  ])("%s leads nowhere", async (path) => {
    await symlink("/etc", join(server.dataDir, "output", "link-out")).catch(() => undefined);
    const response = await client.request(path);
    expect([400, 404]).toContain(response.status);
    expect(await response.text()).not.toContain(server.token);
  });
});

describe("content", () => {
  it("is served under its hash, never changes, and is nothing else", async () => {
    const job = await client.accepted([{ class_type: "Show", inputs: { text: "content" } }]);
    const [file] = (await client.until(job.id)).files;
    const response = await client.request(`/blobs/${file!.hash}`);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toContain("immutable");
    expect(response.headers.get("content-type")).toBe("image/png");
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(file!.hash);
    expect(bytes).toHaveLength(file!.bytes);
    const again = await client.request(`/blobs/${file!.hash}`, { headers: { "if-none-match": response.headers.get("etag")! } });
    expect(again.status).toBe(304);
    const head = await client.request(`/blobs/${file!.hash}`, { method: "HEAD" });
    expect(head.headers.get("content-length")).toBe(String(file!.bytes));
  });

  it.each(["nope", "0".repeat(64), "A".repeat(64), "../../token", "%2e%2e%2ftoken"])("%s is not there", async (hash) => {
    expect((await client.request(`/blobs/${hash}`)).status).toBe(404);
  });
});

describe("the gallery", () => {
  const list = async (query = ""): Promise<ResultList> => client.json(`/results${query}`);
  const make = async (text: string): Promise<Result> => {
    const job = await client.accepted([{ class_type: "Picture", inputs: { text } }], { title: text });
    await client.until(job.id);
    return (await list()).results[0]!;
  };

  it("has the pictures of the output folder, newest first, in pages", async () => {
    const made = [await make("one"), await make("two"), await make("three")];
    const shown = await client.accepted([{ class_type: "Show", inputs: { text: "four" } }]);
    await client.until(shown.id);
    const { results } = await list();
    expect(results.slice(0, 3)).toEqual(made.toReversed());
    expect(results[0]).toMatchObject({ title: "three", file: { type: "output", kind: "images" } });
    const page = await list("?limit=2");
    expect(page).toEqual({ results: results.slice(0, 2), more: true });
    expect((await list(`?limit=2&before=${page.results[1]!.id}`)).results[0]).toEqual(results[2]);
  });

  it("lets go of a picture: its file, its entry, and its content when nothing else has the same", async () => {
    const socket = await client.socket();
    const [a, b] = [await make("twin"), await make("twin")];
    expect(a.file.hash).toBe(b.file.hash);
    const blob = (): Promise<Response> => client.request(`/blobs/${a.file.hash}`);
    expect((await client.request(`/results/${a.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await client.request(`/files/output/${a.file.filename}`)).status).toBe(404);
    expect((await client.request(`/files/output/${b.file.filename}`)).status).toBe(200);
    expect((await blob()).status).toBe(200);
    expect((await client.request(`/results/${a.id}`, { method: "DELETE" })).status).toBe(404);
    await socket.until((messages) => messages.filter(({ type }) => type === "results").length === 3);
    await client.request(`/results/${b.id}`, { method: "DELETE" });
    expect((await blob()).status).toBe(404);
    // A job does not name what is gone.
    expect((await client.job(b.job)).files).toEqual([]);
    socket.close();
  });

  it("lets go of a picture whose file someone removed", async () => {
    const result = await make("removed by hand");
    await rm(join(server.dataDir, "output", result.file.filename));
    expect((await client.request(`/results/${result.id}`, { method: "DELETE" })).status).toBe(204);
  });

  it("shows a file in a file manager only where there is a desktop", async () => {
    const result = await make("reveal");
    const { desktop } = await client.json<{ desktop: boolean }>("/status");
    if (!desktop) {
      const response = await client.request(`/results/${result.id}/reveal`, { method: "POST" });
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ error: { code: "RESULT_NO_DESKTOP" } });
    }
    expect((await client.request("/results/999999/reveal", { method: "POST" })).status).toBe(404);
    expect((await client.request("/results/..%2f1", { method: "DELETE" })).status).toBe(404);
  });
});
