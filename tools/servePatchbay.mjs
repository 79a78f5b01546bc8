// A Patchbay started for something to be done with it: the end-to-end stories, benchmarks and screenshots.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./setUp.mjs";

/**
 * Starts `patchbay start` with `args` and resolves with its process and the address of its page once that answers.
 *
 * @param {readonly string[]} args
 */
export async function servePatchbay(args) {
  const child = spawn(process.execPath, [join("apps", "cli", "bin", "patchbay.js"), "start", "--no-open", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  /** @type {string} */
  const url = await new Promise((found, failed) => {
    /** @param {Buffer} chunk */
    const listen = (chunk) => {
      output += chunk.toString();
      const match = /http:\/\/\S+/.exec(output);
      if (match) found(match[0]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("exit", (code) => failed(new Error(`patchbay start ended with ${code}:\n${output}`)));
  });
  return { child, url };
}

/**
 * Resolves once the starter's picture is made, which a Patchbay on an empty data folder does first; an error after 20 s.
 *
 * @param {string} url the page's address, with its token
 */
export async function firstPicture(url) {
  const authorization = `Bearer ${new URL(url).searchParams.get("token")}`;
  for (let at = 0; at < 200; at++) {
    const response = await fetch(new URL("/studio/welcome", url), { headers: { authorization } });
    const { job } = await response.json();
    if (job?.state === "done") return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error("The first picture was not made within 20 s");
}

/**
 * Ends the process and resolves once it has.
 *
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
export async function endPatchbay(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill(signal);
  await ended;
}
