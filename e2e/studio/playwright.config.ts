import { defineConfig } from "@playwright/test";
import { findChromium } from "../../tools/findChromium.mjs";

const executablePath = findChromium();

export default defineConfig({
  testDir: ".",
  testMatch: "*.story.ts",
  outputDir: "../../.cache/stories",
  // Each worker has its own server and engine; two cores carry one of them well.
  workers: 1,
  fullyParallel: false,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  reporter: [["list"]],
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: { ...(executablePath !== undefined && { executablePath }) },
  },
});
