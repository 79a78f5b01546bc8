// The import rules must catch something: a fixture that breaks them has to be reported. (With a TypeScript that
// dependency-cruiser can't read it would silently find nothing.)
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./setUp.mjs";

const folder = join(root, "packages", "graph", "src", "importRuleFixture");
mkdirSync(folder, { recursive: true });
try {
  writeFileSync(
    join(folder, "breaksTheRules.ts"),
    'import type { EngineError } from "@patchbay/engine";\nexport type Forbidden = EngineError;\n',
  );
  const { stdout } = spawnSync(join("node_modules", ".bin", "depcruise"), ["--config", ".dependency-cruiser.cjs", "packages/graph"], {
    cwd: root,
    encoding: "utf8",
  });
  if (!/error graph: packages\/graph\/src\/importRuleFixture\/breaksTheRules\.ts → packages\/engine/.test(stdout)) {
    process.stderr.write(`the import rules did not report an import from graph to engine:\n${stdout}\n`);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
