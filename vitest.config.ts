import { defineConfig } from "vitest/config";

// Packages resolve to their TypeScript sources, so tests need no build of the TypeScript.
// "import" and "default" go without saying; named, they would also be given to Node, whose require() would then load ES modules.
const conditions = ["source", "node"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions }, noExternal: [/^@patchbay\//] },
  test: {
    include: ["packages/**/*.test.ts", "apps/**/*.test.ts", "tools/**/*.test.ts", "e2e/**/*.test.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
