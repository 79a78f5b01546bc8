import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folderInside, pathInside, realPathInside } from "./insidePath.js";

const root = mkdtempSync(join(tmpdir(), "patchbay-inside-"));
mkdirSync(join(root, "in", "sub"), { recursive: true });
mkdirSync(join(root, "out"));
writeFileSync(join(root, "in", "sub", "a.png"), "a");
writeFileSync(join(root, "out", "secret"), "s");
symlinkSync(join(root, "out"), join(root, "in", "leaves"));
symlinkSync(join(root, "in", "sub"), join(root, "in", "stays"));
const folder = join(root, "in");

describe("pathInside", () => {
  it.each(["a.png", "sub/a.png", "sub\\a.png", "./a", "sub/../a", "..a", "a..b"])("accepts %j", (name) => {
    expect(pathInside(folder, name).startsWith(`${folder}/`)).toBe(true);
  });

  it.each(["../a", "..", ".", "/etc/passwd", "sub/../../a", "..\\a", "C:\\a", "c:/a", "\\\\host\\share"])("refuses %j", (name) => {
    expect(() => pathInside(folder, name)).toThrow(expect.objectContaining({ code: "FILE_OUTSIDE" }));
  });

  it.each(["", " ", "a\0b", "x".repeat(5000)])("knows no file called %j", (name) => {
    expect(() => pathInside(folder, name)).toThrow(expect.objectContaining({ code: "FILE_NAME" }));
  });

  it("works at the top of the file system", () => {
    expect(pathInside("/", "etc")).toBe("/etc");
  });
});

describe("realPathInside", () => {
  it("follows links that stay", async () => {
    expect(await realPathInside(folder, "stays/a.png")).toBe(join(folder, "sub", "a.png"));
    expect(await realPathInside(folder, "sub/none.png")).toBeUndefined();
  });

  it("refuses links that leave", async () => {
    await expect(realPathInside(folder, "leaves/secret")).rejects.toMatchObject({ code: "FILE_OUTSIDE" });
  });
});

describe("folderInside", () => {
  it("gives folders that aren't there yet", async () => {
    expect(await folderInside(folder, "new/deep")).toBe(join(folder, "new", "deep"));
    expect(await folderInside(folder, "stays/new")).toBe(join(folder, "sub", "new"));
    expect(await folderInside(folder, "")).toBe(folder);
    expect(await folderInside(join(root, "none"), "sub")).toBe(join(root, "none", "sub"));
  });

  it("refuses links that leave, on the way too", async () => {
    await expect(folderInside(folder, "leaves/new/deep")).rejects.toMatchObject({ code: "FILE_OUTSIDE" });
  });
});
