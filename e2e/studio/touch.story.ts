import type { Page } from "@playwright/test";
import { centre, expect, test } from "./story.js";

test.use({ hasTouch: true });

type Place = readonly [number, number];

/** Fingers on the screen, as Chromium takes them from a device. */
async function fingers(page: Page): Promise<(type: "touchStart" | "touchMove" | "touchEnd", places: readonly Place[]) => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  return async (type, places) => {
    await session.send("Input.dispatchTouchEvent", { type, touchPoints: places.map(([x, y], id) => ({ x, y, id })) });
  };
}

const viewOf = (page: Page): Promise<readonly number[]> =>
  page
    .locator(".react-flow__viewport")
    .evaluate((element) => [...element.style.transform.matchAll(/-?[\d.]+/g)].map(([number]) => Number(number)));

test("one finger pans, two zoom", async ({ studio, page }) => {
  await expect(studio.cards.first()).toBeVisible();
  const touch = await fingers(page);
  const [x0, y0, zoom0] = await viewOf(page);
  await touch("touchStart", [[1000, 650]]);
  for (let at = 1; at <= 8; at++) await touch("touchMove", [[1000 + at * 10, 650 - at * 6]]);
  await touch("touchEnd", []);
  const [x1, y1, zoom1] = await viewOf(page);
  expect(x1! - x0!).toBeGreaterThan(40);
  expect(y1! - y0!).toBeLessThan(-20);
  expect(zoom1).toBe(zoom0);
  await expect(page.locator(".card.selected")).toHaveCount(0);
  await touch("touchStart", [
    [600, 180],
    [800, 180],
  ]);
  for (let at = 1; at <= 8; at++)
    await touch("touchMove", [
      [600 - at * 10, 180],
      [800 + at * 10, 180],
    ]);
  await touch("touchEnd", []);
  const [, , zoom2] = await viewOf(page);
  expect(zoom2!).toBeGreaterThan(zoom1! * 1.3);
});

test("a finger that rests selects a card and opens its menu, which stays", async ({ studio, page }) => {
  const touch = await fingers(page);
  const card = studio.card("KSampler");
  const at = await centre(card.locator(".card-title"));
  await touch("touchStart", [at]);
  await expect(page.getByRole("menu")).toBeVisible();
  await touch("touchEnd", []);
  await expect(card).toHaveClass(/selected/);
  await page.getByRole("menuitem", { name: /Collapse/ }).tap();
  await expect(card).toHaveClass(/collapsed/);
  await expect(page.getByRole("menu")).toHaveCount(0);
  // One that moves on drags instead.
  await touch("touchStart", [at]);
  for (let step = 1; step <= 8; step++) await touch("touchMove", [[at[0] + step * 8, at[1] + step * 8]]);
  await page.waitForTimeout(600);
  await expect(page.getByRole("menu")).toHaveCount(0);
  await touch("touchEnd", []);
  const [x] = await centre(card.locator(".card-title"));
  expect(x).toBeGreaterThan(at[0] + 20);
});

test("a wire is drawn and taken off by a finger", async ({ studio, page }) => {
  const touch = await fingers(page);
  const wires = await studio.wires.count();
  const at = await centre(studio.socket(studio.card("KSampler"), "positive", "target"));
  await touch("touchStart", [at]);
  for (let step = 1; step <= 8; step++) await touch("touchMove", [[at[0], at[1] + step * 40]]);
  await touch("touchEnd", []);
  await expect(studio.wires).toHaveCount(wires - 1);
  const from = await centre(studio.card("CLIPTextEncode").locator(".react-flow__handle.source"));
  await touch("touchStart", [from]);
  for (let step = 1; step <= 8; step++)
    await touch("touchMove", [[from[0] + ((at[0] - from[0]) * step) / 8, from[1] + ((at[1] - from[1]) * step) / 8]]);
  await touch("touchEnd", []);
  await expect(studio.wires).toHaveCount(wires);
});
