import { readFileSync } from "node:fs";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./story.js";

test("builds the starter graph from nothing, by search and wires only", async ({ studio, page }) => {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find a command" }).fill("New graph");
  await page.keyboard.press("Enter");
  await expect(studio.cards).toHaveCount(0);

  await studio.add("load checkpoint", [120, 120]);
  const loader = studio.card("CheckpointLoaderSimple");
  // A wire dropped on the canvas offers what takes it.
  await studio.wire(studio.socket(loader, "CLIP", "source"), page.locator(".react-flow__pane"));
  const search = page.getByRole("combobox", { name: "Add a card" });
  await expect(search).toBeVisible();
  await search.fill("text encode");
  await search.press("Enter");
  await expect(studio.wires).toHaveCount(1);
  await page.keyboard.press("Escape");
  await drag(studio.card("CLIPTextEncode"), page, [480, 110]);
  await studio.add("clip text encode", [480, 330]);
  await studio.add("empty latent", [480, 560]);
  await studio.add("ksampler", [860, 120]);
  await studio.add("vae decode", [1150, 120]);
  await studio.add("save image", [1150, 260]);

  const [positive, negative] = [studio.card("CLIPTextEncode", 0), studio.card("CLIPTextEncode", 1)];
  const [latent, sampler, decode, save] = ["EmptyLatentImage", "KSampler", "VAEDecode", "SaveImage"].map((type) => studio.card(type)) as [
    ReturnType<typeof studio.card>,
    ReturnType<typeof studio.card>,
    ReturnType<typeof studio.card>,
    ReturnType<typeof studio.card>,
  ];
  await studio.wire(studio.socket(loader, "CLIP", "source"), studio.socket(negative, "clip", "target"));
  await studio.wire(studio.socket(loader, "MODEL", "source"), studio.socket(sampler, "model", "target"));
  await studio.wire(studio.socket(positive, "CONDITIONING", "source"), studio.socket(sampler, "positive", "target"));
  await studio.wire(studio.socket(negative, "CONDITIONING", "source"), studio.socket(sampler, "negative", "target"));
  await studio.wire(studio.socket(latent, "LATENT", "source"), studio.socket(sampler, "latent_image", "target"));
  await studio.wire(studio.socket(sampler, "LATENT", "source"), studio.socket(decode, "samples", "target"));
  await studio.wire(studio.socket(loader, "VAE", "source"), studio.socket(decode, "vae", "target"));
  await studio.wire(studio.socket(decode, "IMAGE", "source"), studio.socket(save, "images", "target"));
  await expect(studio.wires).toHaveCount(9);

  await positive.getByRole("textbox").fill("a red barn on a green hill under a blue sky");
  await studio.type(latent, "width", "64*2");
  await studio.type(latent, "height", "128");
  await studio.run.click();
  await expect(studio.picture).toBeVisible({ timeout: 20_000 });
  await studio.idle();
});

test("a wire goes only where its type fits", async ({ studio }) => {
  const before = await studio.wires.count();
  await studio.wire(
    studio.socket(studio.card("CheckpointLoaderSimple"), "VAE", "source"),
    studio.socket(studio.card("KSampler"), "latent_image", "target"),
  );
  await expect(studio.wires).toHaveCount(before);
});

test("undo and redo reach everything, in its order", async ({ studio, page }) => {
  const first = await studio.shape();
  const title = studio.card("KSampler").locator(".card-title");
  await studio.type(studio.card("KSampler"), "steps", "7");
  await title.dblclick();
  await page.getByRole("textbox", { name: "Title" }).fill("Painter");
  await page.keyboard.press("Enter");
  await title.click();
  await page.keyboard.press("m");
  await expect(studio.card("KSampler")).toHaveClass(/mute/);
  await page.keyboard.press("m");
  await page.keyboard.press("Control+g");
  await expect(page.locator("[data-frame]")).toHaveCount(2);
  await title.click();
  await page.keyboard.press("Control+d");
  await expect(page.locator('[data-type="KSampler"]')).toHaveCount(2);
  await page.keyboard.press("Delete");
  await expect(page.locator('[data-type="KSampler"]')).toHaveCount(1);
  const last = await studio.shape();
  await expect(title).toHaveText("Painter");

  for (let at = 0; at < 12; at++) await page.keyboard.press("Control+z");
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
  expect(await studio.shape()).toEqual(first);
  await expect(studio.field(studio.card("KSampler"), "steps")).toContainText("20");
  await expect(title).not.toHaveText("Painter");
  for (let at = 0; at < 12; at++) await page.keyboard.press("Control+Shift+z");
  expect(await studio.shape()).toEqual(last);
  await expect(studio.field(studio.card("KSampler"), "steps")).toContainText("7");
  await expect(title).toHaveText("Painter");
});

test("deleting a card joins the wires that it had", async ({ studio, page }) => {
  await studio.add("invert image", [760, 640]);
  const invert = studio.card("ImageInvert");
  await studio.wire(studio.socket(studio.card("VAEDecode"), "IMAGE", "source"), studio.socket(invert, "image", "target"));
  await studio.wire(studio.socket(invert, "IMAGE", "source"), studio.socket(studio.card("SaveImage"), "images", "target"));
  const wires = await studio.wires.count();
  await invert.locator(".card-title").click();
  await page.keyboard.press("Delete");
  await expect(invert).toHaveCount(0);
  await expect(studio.wires).toHaveCount(wires - 1);
  await expect(studio.card("SaveImage").locator(".react-flow__handle.linked.target").first()).toBeAttached();
});

test("copies between tabs", async ({ studio, page, context, server }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await studio.card("KSampler").locator(".card-title").click();
  await studio
    .card("CLIPTextEncode")
    .locator(".card-title")
    .click({ modifiers: ["Control"] });
  await page.keyboard.press("Control+c");
  const other = await context.newPage();
  await other.goto(server.url);
  await expect(other.locator(".card").first()).toBeVisible();
  const before = await other.locator('[data-type="KSampler"]').count();
  await other.mouse.click(700, 760);
  await other.keyboard.press("Control+v");
  await expect(other.locator('[data-type="KSampler"]')).toHaveCount(before + 1);
  await other.close();
});

test("numbers scrub, step and calculate; seeds roll", async ({ studio, page }) => {
  const sampler = studio.card("KSampler");
  const steps = studio.field(sampler, "steps").getByRole("spinbutton");
  const box = (await steps.boundingBox())!;
  const value = Number(await steps.getAttribute("aria-valuenow"));
  await page.mouse.move(box.x + 40, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(box.x + 90, box.y + 10, { steps: 5 });
  await page.mouse.up();
  expect(Number(await steps.getAttribute("aria-valuenow"))).toBeGreaterThan(value);
  await page.keyboard.press("Control+z");
  await expect(steps).toHaveAttribute("aria-valuenow", String(value));
  await studio.type(sampler, "steps", "(2+3)*4");
  await expect(steps).toHaveAttribute("aria-valuenow", "20");
  await steps.focus();
  await page.keyboard.press("ArrowUp");
  await expect(steps).toHaveAttribute("aria-valuenow", "21");
  const seed = studio.field(sampler, "seed").getByRole("spinbutton");
  await studio.type(sampler, "seed", "1067722708647802");
  await seed.focus();
  await page.keyboard.press("ArrowUp");
  await expect(seed).toHaveAttribute("aria-valuetext", "1067722708647803");
  await studio.type(sampler, "seed", "18446744073709551615");
  await expect(seed).toHaveAttribute("aria-valuetext", "18446744073709551615");
  await studio
    .field(sampler, "seed")
    .getByRole("button", { name: /Another/ })
    .click();
  await expect(seed).not.toHaveAttribute("aria-valuetext", "18446744073709551615");
});

test("saves the graph as a file that opens again", async ({ studio, page }) => {
  await studio.card("CLIPTextEncode").getByRole("textbox").fill("saved words");
  const shape = await studio.shape();
  const waiting = page.waitForEvent("download");
  await page.keyboard.press("Control+s");
  const saved = await waiting;
  const bytes = readFileSync(await saved.path());
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find a command" }).fill("New graph");
  await page.keyboard.press("Enter");
  await expect(studio.cards).toHaveCount(0);
  await studio.drop([{ name: saved.suggestedFilename(), type: "application/json", bytes }]);
  await expect(studio.card("CLIPTextEncode").getByRole("textbox")).toHaveValue("saved words");
  expect(await studio.shape()).toEqual(shape);
});

/** Moves a card by its title bar. */
async function drag(card: Locator, page: Page, to: readonly [number, number]): Promise<void> {
  const box = (await card.locator(".card-header").boundingBox())!;
  await page.mouse.move(box.x + 60, box.y + 12);
  await page.mouse.down();
  await page.mouse.move(to[0] + 60, to[1] + 12, { steps: 6 });
  await page.mouse.up();
}
