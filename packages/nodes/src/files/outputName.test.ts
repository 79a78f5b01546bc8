import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testContext } from "../testing/testContext.js";
import { outputName, writeOutput } from "./outputName.js";

const size = { type: "output", width: 640, height: 480 } as const;

describe("outputName", () => {
  it("counts from the highest number of its own prefix", async () => {
    const context = testContext();
    for (const name of ["a_00007_.png", "A_00009_.latent", "ab_00050_.png", "a_x_.png", "a_00003.flac", "a_000000000000000000000099_.png"])
      writeFileSync(join(context.outputDir, name), "");
    expect((await outputName("a", size, context)).first).toBe(10);
    expect((await outputName("new", size, context)).first).toBe(1);
  });

  it("reads subfolders and tokens", async () => {
    const context = testContext();
    const now = new Date(2026, 2, 4, 5, 6, 7);
    const name = await outputName(
      "%year%-%month%-%day%/sub\\x_%hour%%minute%%second%_%width%x%height%_%batch_num%_%other%",
      size,
      context,
      now,
    );
    expect(name).toEqual({
      type: "output",
      folder: join(context.outputDir, "2026-03-04", "sub"),
      subfolder: "2026-03-04/sub",
      prefix: "x_050607_640x480_%batch_num%_%other%",
      first: 1,
    });
  });

  it.each([
    ["../x", "FILE_OUTSIDE"],
    ["/x", "FILE_OUTSIDE"],
    ["/etc/x", "FILE_OUTSIDE"],
    ["a/../../x", "FILE_OUTSIDE"],
    ["..\\x", "FILE_OUTSIDE"],
    ["a/..", "FILE_NAME"],
    ["a\0b", "FILE_NAME"],
    ["x".repeat(300), "FILE_NAME"],
  ])("refuses %j with %s", async (prefix, code) => {
    const context = testContext();
    await expect(outputName(prefix, size, context)).rejects.toMatchObject({ code });
    expect(readdirSync(context.outputDir)).toEqual([]);
  });

  it("says when the folder can't be made", async () => {
    const context = testContext();
    writeFileSync(join(context.outputDir, "file"), "");
    await expect(outputName("file/x", size, context)).rejects.toMatchObject({ code: "FILE_WRITE" });
  });
});

describe("writeOutput", () => {
  it("overwrites nothing that came meanwhile", async () => {
    const context = testContext();
    const name = await outputName("sub/a", size, context);
    mkdirSync(join(context.outputDir, "sub"), { recursive: true });
    writeFileSync(join(context.outputDir, "sub", "a_00001_.png"), "theirs");
    const bytes = Uint8Array.of(1);
    await writeOutput(name, { index: 0, kind: "images", extension: ".png", bytes, size: { width: 3, height: 2 } }, context);
    expect(context.files).toEqual([
      {
        kind: "images",
        filename: "a_00002_.png",
        subfolder: "sub",
        type: "output",
        path: join(context.outputDir, "sub", "a_00002_.png"),
        bytes: 1,
        width: 3,
        height: 2,
      },
    ]);
  });

  it("numbers a batch", async () => {
    const context = testContext();
    const name = await outputName("b%batch_num%", size, context);
    for (let index = 0; index < 2; index++) {
      await writeOutput(name, { index, kind: "images", extension: ".png", bytes: new Uint8Array(1) }, context);
    }
    expect(readdirSync(context.outputDir)).toEqual(["b0_00001_.png", "b1_00002_.png"]);
  });
});
