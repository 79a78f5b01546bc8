import { expect, StudioPage, test } from "./story.js";

test("a bad graph shows its errors where they are", async ({ studio, page }) => {
  await studio.card("VAEDecode").locator(".card-title").click();
  await page.keyboard.press("Shift+Delete");
  await studio.run.click();
  const save = studio.card("SaveImage");
  await expect(save.getByRole("alert")).toContainText("images");
  await expect(save.getByLabel("Something is wrong")).toBeVisible();
  await page.keyboard.press("Control+z");
  await studio.type(studio.card("KSampler"), "seed", "71");
  await studio.runToEnd();
  await expect(save.getByRole("alert")).toHaveCount(0);
});

test("a wrong value shows on its field", async ({ studio, page, context, server }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const response = await server.fetch("/studio/welcome");
  const { graph } = (await response.json()) as {
    readonly graph: { readonly nodes: Readonly<Record<string, { readonly inputs: Record<string, unknown> }>> };
  };
  for (const { inputs } of Object.values(graph.nodes)) if ("ckpt_name" in inputs) inputs["ckpt_name"] = "not-here.safetensors";
  await studio.drop([{ name: "bad.json", type: "application/json", bytes: new TextEncoder().encode(JSON.stringify(graph)) }]);
  await expect(studio.field(studio.card("CheckpointLoaderSimple"), "ckpt_name")).toContainText("not-here");
  await studio.run.click();
  await expect(studio.card("CheckpointLoaderSimple").locator(".card-field.wrong")).toHaveCount(1);
  await expect(page.getByText(/not-here\.safetensors/).first()).toBeVisible();
});

test("a killed worker comes back, and the job ends", async ({ studio, server }) => {
  await studio.type(studio.card("KSampler"), "steps", "200");
  await studio.type(studio.card("KSampler"), "seed", "31");
  const before = await studio.pictureSource();
  await studio.run.click();
  await expect(studio.card("KSampler").getByRole("progressbar")).toBeVisible();
  for (const pid of await server.workerPids()) process.kill(pid, "SIGKILL");
  await expect(studio.picture).not.toHaveAttribute("src", before ?? "", { timeout: 40_000 });
  await studio.idle();
});

test("a killed server comes back, and what it had accepted runs", async ({ studio, server }) => {
  await studio.type(studio.card("KSampler"), "steps", "200");
  await studio.type(studio.card("KSampler"), "seed", "32");
  const before = await studio.pictureSource();
  await studio.run.click();
  await expect(studio.card("KSampler").getByRole("progressbar")).toBeVisible();
  await server.kill();
  await expect(studio.status).toContainText("Not connected");
  await server.start();
  await expect(studio.run).toBeEnabled({ timeout: 15_000 });
  await expect(studio.picture).not.toHaveAttribute("src", before ?? "", { timeout: 40_000 });
  await studio.idle();
});

test("a killed tab loses no edit older than a second", async ({ studio, page, context, server }) => {
  await studio.card("CLIPTextEncode").getByRole("textbox").fill("words that must stay");
  await page.waitForTimeout(1000);
  const session = await context.newCDPSession(page);
  // Ends the page's process, as the system does when memory runs out.
  const crashed = page.waitForEvent("crash");
  void session.send("Page.crash").catch(() => undefined);
  await crashed;
  await page.close();
  const again = new StudioPage(await context.newPage());
  await again.open(server.url);
  await expect(again.card("CLIPTextEncode").getByRole("textbox")).toHaveValue("words that must stay");
});

test("without the token there is no way in", async ({ studio, browser, server }) => {
  expect(await studio.cards.count()).toBeGreaterThan(0);
  const stranger = await browser.newContext();
  const page = await stranger.newPage();
  const response = await page.goto(new URL("/", server.url).href);
  expect(response?.status()).toBe(401);
  expect(await page.locator(".card").count()).toBe(0);
  await stranger.close();
});

test("the keyboard alone is enough", async ({ page, studio }) => {
  // Into the words by the search for cards, and Run, without a pointer.
  const before = await studio.pictureSource();
  await page.keyboard.press("Control+f");
  await page.keyboard.type("what to draw");
  await page.keyboard.press("Enter");
  await page.keyboard.press("e");
  const words = studio.card("CLIPTextEncode").getByRole("textbox");
  await expect(words).toBeFocused();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("a red barn in the snow");
  await page.keyboard.press("Control+Enter");
  await page.keyboard.press("Escape");
  await page.keyboard.press("f");
  await expect(studio.picture).not.toHaveAttribute("src", before ?? "", { timeout: 20_000 });
  await studio.idle();
  // A card by search, wired by name.
  await page.keyboard.press("Shift+A");
  await page.keyboard.type("preview image");
  await page.keyboard.press("Enter");
  const wires = await studio.wires.count();
  await page.keyboard.press("w");
  await page.keyboard.type("images");
  await page.keyboard.press("Enter");
  await page.keyboard.type("vae decode");
  await page.keyboard.press("Enter");
  await expect(studio.wires).toHaveCount(wires + 1);
  await page.keyboard.press("Delete");
  await expect(studio.wires).toHaveCount(wires);
});
