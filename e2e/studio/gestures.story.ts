import type { Locator, Page } from "@playwright/test";
import { centre, expect, test, type StudioPage } from "./story.js";

/** Drags with the mouse from one place of the window to another. */
async function drag(page: Page, from: readonly [number, number], to: readonly [number, number]): Promise<void> {
  await page.mouse.move(...from);
  await page.mouse.down();
  await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, { steps: 4 });
  await page.mouse.move(...to, { steps: 4 });
  await page.mouse.up();
}

async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("What should be measured is not on the page");
  return box;
}

/** Draws a box around the sampler and the decoder. */
async function boxSelect(studio: StudioPage, page: Page): Promise<void> {
  const [sampler, decoder] = [await boxOf(studio.card("KSampler")), await boxOf(studio.card("VAEDecode"))];
  await drag(page, [sampler.x - 8, sampler.y - 60], [decoder.x + decoder.width / 2, decoder.y + 40]);
  await expect(page.locator(".card.selected")).toHaveCount(2);
}

const title = (card: Locator): Promise<[number, number]> => centre(card.locator(".card-title"));

test("a box selects cards, not their wires, and leaves their fields in reach", async ({ studio, page }) => {
  await boxSelect(studio, page);
  await expect(page.locator(".wire.selected")).toHaveCount(0);
  await studio.field(studio.card("KSampler"), "sampler_name").getByRole("button").click();
  await expect(page.getByRole("combobox", { name: "Find sampler_name" })).toBeVisible();
});

test("a box takes a frame only whole; with Shift it adds to what is selected", async ({ studio, page }) => {
  const frame = await boxOf(page.locator(".frame").first());
  await drag(page, [frame.x + 3, frame.y + 40], [frame.x + frame.width / 2, frame.y + frame.height / 2]);
  await expect(page.locator(".card.selected").first()).toBeVisible();
  await expect(page.locator(".frame.selected")).toHaveCount(0);
  const inside = await page.locator(".card.selected").count();
  const decoder = await boxOf(studio.card("VAEDecode"));
  await page.keyboard.down("Shift");
  await drag(page, [decoder.x + decoder.width / 2, decoder.y - 40], [decoder.x + decoder.width - 10, decoder.y + 20]);
  await page.keyboard.up("Shift");
  await expect(page.locator(".card.selected")).toHaveCount(inside + 1);
  await drag(page, [frame.x - 10, frame.y - 10], [frame.x + frame.width + 10, frame.y + frame.height + 10]);
  await expect(page.locator(".frame.selected")).toHaveCount(1);
});

test("Alt and a drag leave one copy of what is selected", async ({ studio, page }) => {
  const before = (await studio.shape()).types.length;
  await boxSelect(studio, page);
  const at = await title(studio.card("KSampler"));
  await page.keyboard.down("Alt");
  await drag(page, at, [at[0] + 20, at[1] + 260]);
  await page.keyboard.up("Alt");
  expect((await studio.shape()).types).toHaveLength(before + 2);
});

test("a new frame is renamed, resized and moved with what is in it", async ({ studio, page }) => {
  await boxSelect(studio, page);
  await page.keyboard.press("Control+g");
  const frame = page.locator(".frame.selected");
  await expect(frame).toBeVisible();
  await page.mouse.dblclick(...(await centre(frame.locator(".frame-title span"))));
  await page.keyboard.type("From noise");
  await page.keyboard.press("Enter");
  await expect(frame).toContainText("From noise");
  const before = await boxOf(frame);
  await drag(
    page,
    [before.x + before.width - 4, before.y + before.height - 4],
    [before.x + before.width + 46, before.y + before.height + 36],
  );
  const resized = await boxOf(frame);
  expect(resized.width).toBeGreaterThan(before.width + 40);
  expect(resized.height).toBeGreaterThan(before.height + 30);
  const card = await boxOf(studio.card("KSampler"));
  await drag(page, [before.x + 200, before.y + 12], [before.x + 230, before.y - 28]);
  const moved = await boxOf(studio.card("KSampler"));
  expect(Math.abs(moved.x - card.x - 30)).toBeLessThan(8);
  expect(Math.abs(moved.y - card.y + 40)).toBeLessThan(8);
});

test("a card is resized by what shows in its corner", async ({ studio, page }) => {
  const card = studio.card("CLIPTextEncode");
  const before = await boxOf(card);
  await drag(
    page,
    [before.x + before.width - 4, before.y + before.height - 4],
    [before.x + before.width + 36, before.y + before.height + 56],
  );
  const after = await boxOf(card);
  expect([Math.round(after.x), Math.round(after.y)]).toEqual([Math.round(before.x), Math.round(before.y)]);
  expect(after.width).toBeGreaterThan(before.width + 24);
  expect(after.height).toBeGreaterThan(before.height + 40);
});

test("a wire is taken off by its end: put elsewhere, let go, or put back", async ({ studio, page }) => {
  const sampler = studio.card("KSampler");
  const undo = page.getByRole("button", { name: "Undo", exact: true });
  const [positive, negative] = [studio.socket(sampler, "positive", "target"), studio.socket(sampler, "negative", "target")];
  const wires = await studio.wires.count();
  const at = await centre(positive);
  await drag(page, at, [at[0] + 4, at[1] + 2]);
  await expect(studio.wires).toHaveCount(wires);
  await expect(undo).toBeDisabled();
  await studio.wire(positive, negative);
  await expect(studio.wires).toHaveCount(wires - 1);
  await expect(positive).not.toHaveClass(/linked/);
  await undo.click();
  await drag(page, at, [at[0] - 20, at[1] + 320]);
  await expect(studio.wires).toHaveCount(wires - 1);
  await expect(page.getByRole("combobox")).toHaveCount(0);
  await undo.click();
  await expect(studio.wires).toHaveCount(wires);
});

test("a card that a dropped wire brings has its socket where the wire was let go", async ({ studio, page }) => {
  const card = studio.card("CLIPTextEncode");
  const at = [(await boxOf(card)).x + 120, 200] as const;
  await drag(page, await centre(studio.socket(card, "text", "target")), at);
  await page.getByRole("combobox", { name: "Add a card" }).press("Enter");
  const added = page.locator(".card.selected");
  await expect(added).toHaveCount(1);
  const [x, y] = await centre(added.locator(".react-flow__handle.source").first());
  expect(Math.hypot(x - at[0], y - at[1])).toBeLessThan(4);
});

test("while Space is held, cards don't stop the hand", async ({ studio, page }) => {
  const before = await boxOf(studio.card("KSampler"));
  const at = await title(studio.card("KSampler"));
  await page.keyboard.down(" ");
  await drag(page, at, [at[0] + 40, at[1] + 30]);
  await page.keyboard.up(" ");
  const after = await boxOf(studio.card("KSampler"));
  expect(Math.round(after.x - before.x)).toBe(40);
  await expect(page.getByRole("button", { name: "Undo", exact: true })).toBeDisabled();
});

test("menus are walked by the arrows, and give the focus back", async ({ studio, page }) => {
  const between = studio.field(studio.card("KSampler"), "seed").getByRole("button", { name: /between runs/ });
  await between.click();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(between).toHaveAttribute("aria-label", /Up$/);
  const menu = page.getByRole("button", { name: "Graph menu" });
  await menu.click();
  await page.keyboard.press("Escape");
  await expect(menu).toBeFocused();
});

test("the weight of words goes up and down under a held key", async ({ studio }) => {
  const words = studio.card("CLIPTextEncode").locator("textarea");
  await words.fill("a red boat");
  await words.press("Control+ArrowUp");
  await words.press("Control+ArrowUp");
  await expect(words).toHaveValue("a red (boat:1.1)");
  await words.press("Control+ArrowDown");
  await words.press("Control+ArrowDown");
  await expect(words).toHaveValue("a red boat");
});

test("a reroute is moved by its dot, and wired and unwired beside it", async ({ studio, page }) => {
  const wires = await studio.wires.count();
  await drag(page, await centre(studio.card("EmptyLatentImage").locator(".react-flow__handle.source")), [700, 720]);
  await page.getByRole("combobox", { name: "Add a card" }).fill("reroute");
  await page.keyboard.press("Enter");
  const dot = studio.card("Reroute");
  await expect(studio.wires).toHaveCount(wires + 1);
  const [x, y] = await centre(dot);
  await drag(page, [x, y], [x + 60, y - 40]);
  const [movedX, movedY] = await centre(dot);
  expect(movedX - x).toBeGreaterThan(40);
  expect(movedY - y).toBeLessThan(-25);
  await drag(page, [movedX + 14, movedY], await centre(studio.socket(studio.card("VAEDecode"), "samples", "target")));
  // In place of the sampler's.
  await expect(studio.wires).toHaveCount(wires + 1);
  await drag(page, [movedX - 12, movedY], [movedX - 100, movedY + 60]);
  await expect(studio.wires).toHaveCount(wires);
});
