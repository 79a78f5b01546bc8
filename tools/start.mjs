// `npm start`: sets the clone up and makes the example picture with the starter model.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setUp.mjs";

setUp();
const { status } = spawnSync(
  process.execPath,
  [join("apps", "cli", "bin", "patchbay.js"), "run", join("examples", "landscape.json"), ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: "inherit",
  },
);
process.exit(status ?? 1);
