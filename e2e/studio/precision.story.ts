import type { Job, JobList } from "@patchbay/protocol";
import type { StudioServer } from "./server.js";
import { expect, test } from "./story.js";

test("runs fast when that is chosen, and says what was used", async ({ studio, page, server }) => {
  const menu = page.getByRole("button", { name: /^Run menu/ });
  await expect(menu).toHaveAccessibleName("Run menu, precision: Server default");
  await menu.focus();
  await page.keyboard.press("Enter");
  const fast = page.getByRole("group", { name: "Precision" }).getByRole("menuitemradio", { name: /^Fast/ });
  await expect(fast).not.toBeChecked();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowUp");
  await expect(fast).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(menu).toBeFocused();
  await expect(menu).toHaveAccessibleName("Run menu, precision: Fast");

  await page.reload();
  await expect(menu).toHaveText("Fast");
  await studio.type(studio.card("KSampler"), "seed", "51");
  await studio.runToEnd();
  const { arithmetic } = await newestJob(server);
  const used = arithmetic?.isa.endsWith("bf16") ? "Fast" : "Exact instead of Fast";
  expect(arithmetic?.precision).toBe(used === "Fast" ? "fast" : "exact");
  await expect(studio.status).toHaveText(used === "Fast" ? "" : used);
  await page.keyboard.press("Escape");
  await page.keyboard.press("q");
  await expect(page.getByRole("list", { name: "Jobs that have ended" }).getByRole("listitem").first()).toContainText(` · ${used}`);
  await page.locator(".tile").first().click();
  await expect(page.getByRole("dialog")).toContainText(` · ${used}`);
});

test("the palette chooses the precision too", async ({ studio, page, server }) => {
  await page.keyboard.press("Control+k");
  await page.keyboard.type("precision small");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Run menu, precision: Small" })).toBeVisible();
  await studio.type(studio.card("KSampler"), "seed", "52");
  await studio.runToEnd();
  expect((await newestJob(server)).arithmetic?.precision).toBe("small");
});

/** The job that ended last. */
async function newestJob(server: StudioServer): Promise<Job> {
  const { jobs } = (await (await server.fetch("/studio/jobs?limit=1")).json()) as JobList;
  if (!jobs[0]) throw new Error("No job has run");
  return jobs[0];
}
