// A server as a process of its own, which tests kill: node serverProcess.mjs OPTIONS-AS-JSON. Prints one line when it listens.
import { startServer } from "../../dist/server/index.js";

const server = await startServer({ ...JSON.parse(process.argv[2]), log: (line) => process.stderr.write(`${line}\n`) });
process.on("SIGTERM", () => void server.close().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ port: server.port, token: server.token })}\n`);
