import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadAddon, loadNative } from "./loadNative.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "patchbay-load-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe("loadNative", () => {
  test("is loaded once", () => {
    expect(loadNative()).toBe(loadNative());
  });

  test("an addon that is not there, is broken or is of another version is named with what to do", () => {
    const broken = join(folder, "broken.node");
    const older = join(folder, "older.cjs");
    writeFileSync(broken, "no shared object");
    writeFileSync(older, "exports.availableIsas = ['generic']; exports.configure = () => {};");
    for (const [path, message] of [
      [join(folder, "none.node"), "could not load the native engine"],
      [broken, "could not load the native engine"],
      [older, 'it has no "configuration"; run `npm run build`'],
    ] as const) {
      expect(() => loadAddon(path)).toThrowError(
        expect.objectContaining({ code: "ENGINE_NOT_BUILT", message: expect.stringContaining(message) as string }),
      );
    }
  });

  test.each([
    ["PATCHBAY_THREADS", "many", 'ENGINE_ARGUMENT could not use PATCHBAY_THREADS "many": it must be an integer in 1..256'],
    ["PATCHBAY_THREADS", "2x", 'ENGINE_ARGUMENT could not use PATCHBAY_THREADS "2x"'],
    ["PATCHBAY_ISA", "sse9", 'ENGINE_ISA could not use the instruction set "sse9": this machine has'],
  ])("%s=%s is refused at first use", (variable, value, message) => {
    const path = process.env["PATCHBAY_ADDON"] ?? join(import.meta.dirname, "..", "build", "patchbay.node");
    const script = `try { require(${JSON.stringify(path)}).configuration(); } catch (error) { console.log(error.code, error.message); }`;
    const { stdout } = spawnSync(process.execPath, ["-e", script], { encoding: "utf8", env: { ...process.env, [variable]: value } });
    expect(stdout).toContain(message);
  });
});
