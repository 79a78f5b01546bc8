import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { gatherFolders, modelFolders } from "./modelFolders.js";
import { readModelPaths } from "./modelPaths.js";

/** A folder that holds these files, by path → contents. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), "patchbay-models-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

describe("modelFolders", () => {
  it("finds files in ComfyUI's layout, old folder names and subfolders too", async () => {
    const root = folderOf({
      "checkpoints/b.safetensors": "",
      "checkpoints/sd15/a.ckpt": "",
      "checkpoints/notes.txt": "",
      "checkpoints/.hidden.safetensors": "",
      "unet/u.safetensors": "",
      "diffusion_models/d.safetensors": "",
      "clip/c.safetensors": "",
      "diffusers/sd/model_index.json": "{}",
    });
    const models = modelFolders(await gatherFolders([root]));
    expect(await models.list("checkpoints")).toEqual(["b.safetensors", "sd15/a.ckpt"]);
    expect(await models.list("diffusion_models")).toEqual(["d.safetensors", "u.safetensors"]);
    expect(await models.list("text_encoders")).toEqual(["c.safetensors"]);
    expect(await models.list("diffusers")).toEqual(["sd"]);
    expect(await models.list("loras")).toEqual([]);
    expect(await models.resolve("checkpoints", "sd15/a.ckpt")).toBe(join(root, "checkpoints", "sd15", "a.ckpt"));
    expect(await models.resolve("diffusion_models", "u.safetensors")).toBe(join(root, "unet", "u.safetensors"));
  });

  it("takes the first of several files of one name", async () => {
    const [first, second] = [folderOf({ "loras/a.safetensors": "1" }), folderOf({ "loras/a.safetensors": "2", "loras/b.safetensors": "" })];
    const models = modelFolders(await gatherFolders([first, second]));
    expect(await models.list("loras")).toEqual(["a.safetensors", "b.safetensors"]);
    expect(await models.resolve("loras", "a.safetensors")).toBe(join(first, "loras", "a.safetensors"));
  });

  it("follows links, and none in a circle", async () => {
    const elsewhere = folderOf({ "big.safetensors": "" });
    const root = folderOf({ "checkpoints/a.safetensors": "" });
    symlinkSync(elsewhere, join(root, "checkpoints", "disk"));
    symlinkSync(join(root, "checkpoints"), join(root, "checkpoints", "again"));
    const models = modelFolders(await gatherFolders([root]));
    expect(await models.list("checkpoints")).toEqual(["a.safetensors", "disk/big.safetensors"]);
    expect(await models.resolve("checkpoints", "disk/big.safetensors")).toBe(join(root, "checkpoints", "disk", "big.safetensors"));
  });

  it.each(["../secret", "/etc/passwd", "a/../../secret", "..\\secret"])("refuses %j", async (name) => {
    const root = folderOf({ secret: "", "checkpoints/a.safetensors": "" });
    const models = modelFolders(await gatherFolders([root]));
    await expect(models.resolve("checkpoints", name)).rejects.toMatchObject({ code: "FILE_OUTSIDE" });
  });

  it("says what there is instead of what isn't", async () => {
    const models = modelFolders(await gatherFolders([folderOf({ "vae/a.safetensors": "" })]));
    await expect(models.resolve("vae", "b.safetensors")).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: expect.stringContaining('"a.safetensors"') as string,
    });
    await expect(models.resolve("nonsense", "b")).rejects.toMatchObject({ code: "FILE_NOT_FOUND" });
  });

  it("reads the paths file of a models folder", async () => {
    const root = folderOf({ "model_paths.yaml": "more:\n  base_path: .\n  checkpoints: mine\n", "mine/x.safetensors": "" });
    expect(await modelFolders(await gatherFolders([root])).list("checkpoints")).toEqual(["x.safetensors"]);
  });
});

describe("readModelPaths", () => {
  it("reads ComfyUI's file: base paths, several folders, old names, defaults", async () => {
    process.env["PATCHBAY_TEST_DISK"] = "/disk";
    const root = folderOf({
      "extra.yaml": [
        "comfyui:",
        "  base_path: ${PATCHBAY_TEST_DISK}/comfy",
        "  is_default: true",
        "  checkpoints: models/checkpoints/",
        "  clip: |",
        "    models/text_encoders/",
        "    models/clip/  ",
        "a1111:",
        "  base_path: ~/webui",
        "  unet: models/unet",
        "empty:",
        "plain:",
        "  loras: my/loras",
      ].join("\n"),
    });
    expect(await readModelPaths(join(root, "extra.yaml"))).toEqual([
      { kind: "checkpoints", folder: "/disk/comfy/models/checkpoints", isDefault: true },
      { kind: "text_encoders", folder: "/disk/comfy/models/text_encoders", isDefault: true },
      { kind: "text_encoders", folder: "/disk/comfy/models/clip", isDefault: true },
      { kind: "diffusion_models", folder: join(homedir(), "webui/models/unet"), isDefault: false },
      { kind: "loras", folder: join(root, "my/loras"), isDefault: false },
    ]);
  });

  it("puts default folders first", async () => {
    const file = join(folderOf({ "e.yaml": "a:\n  base_path: /d\n  is_default: true\n  vae: v\n" }), "e.yaml");
    expect((await gatherFolders(["/base"], [file])).get("vae")).toEqual(["/d/v", "/base/vae"]);
  });

  it.each([
    ["- a\n- b", "the file"],
    ["a: 5", '"a"'],
    ["a:\n  vae: [1]", '"a.vae"'],
    ["a: [", ""],
    ["a: &x [*x, *x]\nb: {c: *x}", ""],
  ])("refuses %j", async (text, what) => {
    const file = join(folderOf({ "e.yaml": text }), "e.yaml");
    await expect(readModelPaths(file)).rejects.toMatchObject({ code: "CLI_MODEL_PATHS", message: expect.stringContaining(what) as string });
  });

  it("takes an empty file for none, and refuses one that isn't there", async () => {
    expect(await readModelPaths(join(folderOf({ "e.yaml": "# nothing\n" }), "e.yaml"))).toEqual([]);
    await expect(readModelPaths("/none/e.yaml")).rejects.toMatchObject({ code: "CLI_MODEL_PATHS" });
  });
});
