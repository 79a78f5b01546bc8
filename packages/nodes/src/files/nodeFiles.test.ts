import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emptyImage } from "../image/emptyImage.js";
import { loadImage } from "../image/loadImage.js";
import { checkpointLoaderSimple } from "../model/loaders/checkpointLoaderSimple.js";
import { testContext } from "../testing/testContext.js";
import { nodeFiles } from "./nodeFiles.js";

describe("nodeFiles", () => {
  it("tells one state of a file from the next", async () => {
    const context = testContext();
    const put = (bytes: Uint8Array): void => writeFileSync(join(context.inputDir, "a.png"), bytes);
    put(Uint8Array.of(1));
    const { fingerprint, problems } = await nodeFiles(loadImage, { image: "a.png" }, context);
    expect(problems).toEqual([]);
    expect((await nodeFiles(loadImage, { image: "a.png" }, context)).fingerprint).toBe(fingerprint);
    put(Uint8Array.of(1, 2));
    expect((await nodeFiles(loadImage, { image: "a.png" }, context)).fingerprint).not.toBe(fingerprint);
  });

  it("names the input whose file is missing", async () => {
    const { problems } = await nodeFiles(checkpointLoaderSimple, { ckpt_name: "none" }, testContext());
    expect(problems).toMatchObject([{ input: "ckpt_name", error: { code: "FILE_NOT_FOUND" } }]);
  });

  it("never gives a linked name the same fingerprint, and a node without files always the same", async () => {
    const context = testContext();
    const linked = async (): Promise<string> => (await nodeFiles(loadImage, {}, context)).fingerprint;
    expect(await linked()).not.toBe(await linked());
    expect(await nodeFiles(emptyImage, {}, context)).toEqual({ fingerprint: "", problems: [] });
  });
});
