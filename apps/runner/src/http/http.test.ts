import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorAnswerSchema, errorEntry } from "@patchbay/protocol";
import { startTestServer, type TestServer } from "../testing/testServer.js";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.end());

/** Whatever comes back is an answer of ours: a success, or an error with a code of the registry and no word of the inside. */
async function answered(path: string, init: RequestInit): Promise<number> {
  const response = await server.client.request(path, init);
  const text = await response.text();
  if (response.status >= 400) {
    const { error } = errorAnswerSchema.parse(JSON.parse(text));
    expect(errorEntry(error.code)).toBeDefined();
    expect(response.status).toBeLessThan(500);
    expect(text).not.toContain(server.dataDir);
    expect(text).not.toMatch(/\.ts:\d|node_modules|at [A-Z]\w+\./);
  }
  return response.status;
}

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(null, true, 0, -1, 1e300, "", "1", "__proto__", [], {}, ["1", 0], { __value__: [1] }),
    fc.string(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("class_type", "inputs", "_meta", "ms", "text", "file", "__proto__", "a"), tie("any"), { maxKeys: 3 }),
  ),
})).any;

const node = fc.record(
  {
    class_type: fc.oneof(fc.constantFrom("Wait", "Show", "Name", "Nope", "constructor", "__proto__", ""), value),
    inputs: fc.oneof(fc.dictionary(fc.constantFrom("ms", "text", "file", "x"), value, { maxKeys: 3 }), value),
  },
  { requiredKeys: [] },
);

const body = fc.record(
  {
    prompt: fc.oneof(fc.dictionary(fc.constantFrom("1", "2", "", "constructor"), fc.oneof(node, value), { maxKeys: 3 }), value),
    workflow: value,
    title: value,
    targets: fc.oneof(fc.array(fc.constantFrom("1", "2", "9")), value),
    metadata: value,
    front: value,
    other: value,
  },
  { requiredKeys: [] },
);

describe("requests of any shape", () => {
  it("bodies of jobs", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          body.map((each) => JSON.stringify(each)),
          fc.json(),
          fc.string(),
          fc.string({ unit: "binary" }),
        ),
        async (text) => {
          await answered("/jobs", { method: "POST", body: text, headers: { "content-type": "application/json" } });
        },
      ),
      { numRuns: 250 },
    );
    expect(await server.client.json("/status")).toMatchObject({ worker: expect.stringMatching(/idle|busy/) as string });
    expect(server.log).toEqual([]);
  });

  it("bytes cut anywhere, or changed", async () => {
    const whole = Buffer.from(
      JSON.stringify({ prompt: { 1: { class_type: "Show", inputs: { text: "é猫" } } }, workflow: { nodes: [] }, title: "t" }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), fc.nat(255), fc.boolean(), async (at, byte, cut) => {
        const bytes = cut ? whole.subarray(0, at) : Buffer.concat([whole.subarray(0, at), Buffer.of(byte), whole.subarray(at + 1)]);
        await answered("/jobs", { method: "POST", body: bytes, headers: { "content-type": "application/json" } });
      }),
      { numRuns: 120 },
    );
  });

  it("paths and queries", async () => {
    const part = fc.oneof(
      fc.constantFrom("jobs", "results", "blobs", "files", "output", "..", ".", "clear", "events", "%00", "%2e%2e"),
      fc.webSegment(),
    );
    const query = fc.oneof(
      fc.constant(""),
      fc.tuple(fc.constantFrom("limit", "before", "after", "name", "__proto__"), fc.webSegment()).map((pair) => `?${pair.join("=")}`),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"),
        fc.array(part, { maxLength: 4 }),
        query,
        async (method, parts, rest) => {
          await answered(`/${parts.join("/")}${rest}`, { method, redirect: "manual" });
        },
      ),
      { numRuns: 200 },
    );
    expect(({} as Record<string, unknown>)["name"]).toBeUndefined();
    expect(server.log).toEqual([]);
  });
});
