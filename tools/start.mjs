// `npm start`: sets the clone up and serves the studio. Arguments after `--` go to `patchbay start`.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root, setUp } from "./setUp.mjs";

setUp();
const server = spawn(process.execPath, [join("apps", "cli", "bin", "patchbay.js"), "start", ...process.argv.slice(2)], {
  cwd: root,
  stdio: "inherit",
});
// A terminal's Ctrl+C reaches the server by itself; it ends in its own time.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => server.kill("SIGTERM"));
server.on("exit", (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
