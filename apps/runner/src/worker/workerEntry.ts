import { fileURLToPath } from "node:url";

/**
 * The program of a worker process: what a server forks. Node runs no TypeScript, so from sources (tests) it is the built file as well, which
 * `tsc -b` writes: `npm test` does so before all tests, as it does for the `patchbay` command.
 */
export const workerEntry = fileURLToPath(new URL("../../dist/worker/main.js", import.meta.url));
