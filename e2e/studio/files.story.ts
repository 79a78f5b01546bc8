import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "./story.js";

const starter = fileURLToPath(new URL("../../models/starter/starter.safetensors", import.meta.url));

test("a model that appears on the disk can be chosen without a restart", async ({ studio, page, server }) => {
  const folder = join(server.data, "models", "checkpoints");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "brought just now.safetensors");
  copyFileSync(starter, file);
  const field = studio.field(studio.card("CheckpointLoaderSimple"), "ckpt_name");
  const option = page.getByRole("option", { name: "brought just now.safetensors" });
  await expect(async () => {
    await field.getByRole("button").click();
    try {
      await expect(option).toBeVisible({ timeout: 500 });
    } catch (error) {
      await page.keyboard.press("Escape");
      throw error;
    }
  }).toPass({ timeout: 15_000 });
  await option.click();
  await expect(field).toContainText("brought just now");
  await studio.type(studio.card("KSampler"), "seed", "515");
  await studio.runToEnd();
  rmSync(file);
});

test("a picture dropped on its card is used, and may be replaced by one that is pasted", async ({ studio, page }) => {
  await studio.add("load image", [760, 620]);
  const card = studio.card("LoadImage");
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(8, 8);
    canvas.getContext("2d")!.fillRect(0, 0, 8, 4);
    return [...new Uint8Array(await (await canvas.convertToBlob()).arrayBuffer())];
  });
  const box = (await card.boundingBox())!;
  await studio.drop([{ name: "half.png", type: "image/png", bytes: new Uint8Array(bytes) }], [box.x + 60, box.y + 80]);
  await expect(studio.field(card, "image")).toContainText("half.png");
  await card.locator(".card-title").click();
  await page.evaluate((given) => {
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([new Uint8Array([...given, 0])], "pasted.png", { type: "image/png" }));
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, bytes);
  await expect(studio.field(card, "image")).toContainText("pasted.png");
  await expect(page.locator('[data-type="LoadImage"]')).toHaveCount(1);
});

test("a graph from before is opened again", async ({ studio, page }) => {
  await studio.card("CLIPTextEncode").getByRole("textbox").fill("words of the first graph");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("New graph");
  await page.keyboard.press("Enter");
  await expect(studio.cards).toHaveCount(0);
  await studio.add("note", [600, 400]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+o");
  await page.getByRole("option").first().click();
  await expect(studio.card("CLIPTextEncode").getByRole("textbox")).toHaveValue("words of the first graph");
  await expect(studio.picture).toBeVisible();
});
