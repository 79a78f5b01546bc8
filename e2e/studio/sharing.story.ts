import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, StudioPage, test } from "./story.js";

const workflow = readFileSync(new URL("../../examples/landscape.json", import.meta.url));

test("two tabs see the same queue", async ({ studio, context, server, page }) => {
  const other = new StudioPage(await context.newPage());
  await other.open(server.url);
  await other.page.keyboard.press("q");
  await page.bringToFront();
  await studio.type(studio.card("KSampler"), "steps", "1500");
  await studio.run.click();
  await studio.type(studio.card("KSampler"), "seed", "5");
  await studio.run.click();
  const jobs = other.page.getByRole("list", { name: "Jobs that have not ended" }).getByRole("listitem");
  await expect(jobs).toHaveCount(2);
  await jobs
    .nth(1)
    .getByRole("button", { name: /Cancel/ })
    .click();
  await expect(jobs).toHaveCount(1);
  await studio.cancel.click();
  await expect(jobs).toHaveCount(0);
  await studio.idle();
  await other.page.close();
});

test("a dropped workflow opens, and undo brings back what was there", async ({ studio, page }) => {
  await studio.add("note", [720, 760]);
  await expect(studio.card("Note")).toBeVisible();
  const before = await studio.shape();
  await studio.drop([{ name: "landscape.json", type: "application/json", bytes: workflow }]);
  await expect(studio.card("Note")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(studio.card("Note")).toBeVisible();
  expect(await studio.shape()).toEqual(before);
});

test("a dropped picture of ours opens its graph", async ({ studio, server }) => {
  await studio.card("CLIPTextEncode").getByRole("textbox").fill("a lighthouse at dusk");
  await studio.runToEnd();
  const folder = join(server.data, "output");
  const name =
    readdirSync(folder)
      .sort((a, b) => a.localeCompare(b, "en", { numeric: true }))
      .at(-1) ?? "";
  await studio.card("CLIPTextEncode").getByRole("textbox").fill("something else");
  await studio.drop([{ name, type: "image/png", bytes: readFileSync(join(folder, name)) }]);
  await expect(studio.card("CLIPTextEncode").getByRole("textbox")).toHaveValue("a lighthouse at dusk");
});

test("a dropped picture without a graph becomes a card that loads it", async ({ studio, page }) => {
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
    return [...new Uint8Array(await blob!.arrayBuffer())];
  });
  await studio.drop([{ name: "plain.png", type: "image/png", bytes: new Uint8Array(bytes) }]);
  const card = studio.card("LoadImage");
  await expect(card).toBeVisible();
  await expect(studio.field(card, "image")).toContainText("plain.png");
  await expect(card.locator(".card-picture img")).toBeVisible();
});

test("what is no graph says so, and changes nothing", async ({ studio, page }) => {
  const before = await studio.shape();
  await studio.drop([{ name: "broken.json", type: "application/json", bytes: new TextEncoder().encode("{ not json") }]);
  await expect(page.getByText(/broken\.json can't be opened/)).toBeVisible();
  expect(await studio.shape()).toEqual(before);
});

test("the gallery shows a picture in full, saves it plain, and deletes it", async ({ studio, page, server }) => {
  await studio.type(studio.card("KSampler"), "seed", "99");
  await studio.runToEnd();
  const tiles = page.getByRole("region", { name: "Newest results" }).locator(".tile");
  const count = await tiles.count();
  const name = (await tiles.first().getAttribute("title"))?.split(",")[0] ?? "";
  await tiles.first().click();
  const lightbox = page.getByRole("dialog", { name });
  await expect(lightbox.locator("img")).toBeVisible();
  const waiting = page.waitForEvent("download");
  await lightbox.getByRole("button", { name: "Save without the graph inside" }).click();
  const plain = readFileSync(await (await waiting).path());
  expect(plain.includes("workflow")).toBe(false);
  expect(readFileSync(join(server.data, "output", name)).includes("workflow")).toBe(true);
  await lightbox.getByRole("button", { name: "Delete" }).click();
  await page.keyboard.press("Escape");
  await expect(tiles).toHaveCount(count - 1);
  expect(readdirSync(join(server.data, "output"))).not.toContain(name);
});
