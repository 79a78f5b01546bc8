import { centre, expect, test } from "./story.js";

test("dialogs keep the focus, and step back one at a time", async ({ studio, page }) => {
  await expect(studio.cards.first()).toBeVisible();
  const picture = studio.card("SaveImage").getByRole("button", { name: /in full/ });
  await picture.click();
  const lightbox = page.getByRole("dialog");
  await expect(lightbox).toBeVisible();
  for (let at = 0; at < 8; at++) {
    await page.keyboard.press(at % 3 === 2 ? "Shift+Tab" : "Tab");
    await expect(lightbox.locator(":focus")).toHaveCount(1);
  }
  await page.keyboard.press("Escape");
  await expect(lightbox).toHaveCount(0);
  await expect(picture).toBeFocused();
  await studio.field(studio.card("KSampler"), "scheduler").getByRole("button").click();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("combobox")).toHaveCount(0);
});

test("cards and sockets have names", async ({ studio, page }) => {
  await expect(page.getByRole("group", { name: "KSampler" })).toBeVisible();
  await expect(page.getByRole("group", { name: "What to draw" })).toBeVisible();
  await expect(studio.card("KSampler").getByRole("img", { name: "Input model, MODEL" })).toBeVisible();
});

test("a wire is taken off without a pointer", async ({ studio, page }) => {
  const wires = await studio.wires.count();
  await page.mouse.click(...(await centre(studio.card("VAEDecode").locator(".card-title"))));
  await page.keyboard.press("w");
  await page.keyboard.type("samples");
  await page.keyboard.press("Enter");
  await page.keyboard.type("no wire");
  await page.keyboard.press("Enter");
  await expect(studio.wires).toHaveCount(wires - 1);
  await page.keyboard.press("Control+z");
  await expect(studio.wires).toHaveCount(wires);
});

test("an empty canvas says how to begin", async ({ studio, page }) => {
  await expect(studio.cards.first()).toBeVisible();
  await page.getByRole("button", { name: "Graph menu" }).click();
  await page.getByRole("menuitem", { name: "New graph" }).click();
  await expect(page.getByText("Double-click to add a card")).toBeVisible();
  await studio.add("empty latent", [700, 400]);
  await expect(page.getByText("Double-click to add a card")).toHaveCount(0);
});
