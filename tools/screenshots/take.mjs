// `npm run screenshots`: makes docs/screenshots with the starter model in a headless Chromium.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { manyCards } from "../../bench/editor/manyCards.mjs";
import { dropGraph, openStudioPage } from "../openStudioPage.mjs";
import { root, setUp } from "../setUp.mjs";

setUp();
const folder = join(root, "docs", "screenshots");
mkdirSync(folder, { recursive: true });

const studio = await openStudioPage();
const { page } = studio;
const shoot = async (name) => {
  await page.mouse.move(720, 120);
  await page.waitForTimeout(350);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  process.stdout.write(`${name}.png\n`);
};
const sampler = page.locator('[data-type="KSampler"]').first();
const run = page.getByRole("button", { name: "Run", exact: true });
const idle = () => page.getByRole("button", { name: "Cancel", exact: true }).waitFor({ state: "detached", timeout: 60_000 });
const typeInto = async (field, text) => {
  await sampler.locator(`[data-field="${field}"]`).getByRole("spinbutton").click();
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
};
const command = async (name) => {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
};

for (const [words, seed] of [
  ["a red sailboat on the sea at sunset", "7"],
  ["two pine trees in front of a mountain at dawn", "12"],
  ["a lake between hills on a clear day", "3"],
  ["a desert at dusk with a yellow sun", "21"],
  ["a red sailboat on the sea at sunset", "11"],
]) {
  await page.locator('[data-type="CLIPTextEncode"]').first().getByRole("textbox").fill(words);
  await typeInto("seed", seed);
  await run.click();
  await idle();
}
await page.keyboard.press("Escape");
await shoot("finished");

await page.locator(".tile").first().click();
await page.getByRole("dialog").waitFor();
await shoot("lightbox");
await page.keyboard.press("Escape");

await typeInto("seed", "5");
await typeInto("steps", "120");
await run.click();
await page.waitForFunction(() => {
  const share = document.querySelector('[data-type="KSampler"] [role="progressbar"]');
  return share !== null && Number(share.getAttribute("aria-valuenow")) >= 45;
});
await page.screenshot({ path: join(folder, "running.png") });
process.stdout.write("running.png\n");
await idle();

await page.mouse.dblclick(760, 200);
await page.keyboard.type("lat");
await shoot("search");
await page.keyboard.press("Escape");

await page.keyboard.press("q");
await shoot("queue");
await page.keyboard.press("q");

await page.locator('[data-type="VAEDecode"] .card-title').click();
await page.keyboard.press("Shift+Delete");
await run.click();
await page.getByRole("alert").first().waitFor();
await shoot("error");
await page.keyboard.press("Control+z");

await command("Dark or light");
await run.click();
await idle();
await page.keyboard.press("Escape");
await shoot("light");
await command("Dark or light");

await command("New graph");
await shoot("empty");

await dropGraph(page, "300 cards.json", JSON.stringify(manyCards(301)));
await page.waitForTimeout(800);
await shoot("300-cards-far");
await page.keyboard.press("Control+f");
await page.keyboard.type("KSampler");
await page.keyboard.press("Enter");
await page.waitForTimeout(400);
await page.keyboard.press("-");
await page.waitForTimeout(300);
await page.keyboard.press("Escape");
await shoot("300-cards");
await studio.close();
