// An engine in a process of its own, so that what it holds is counted for it alone. It prints one line of JSON that says what it is; then every
// line that it is given is a workload, and every line that it answers is that workload's measurement.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

export async function startProcess(command, args) {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the process ended: ${command} ${args.join(" ")}`);
    return JSON.parse(value);
  };
  const ask = (request) => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    return next();
  };
  const { engine } = await next();
  return {
    engine,
    async measure(workload) {
      return (await ask(workload)).milliseconds;
    },
    /** What each op of the workload took; only our engine knows. */
    async profile(workload) {
      return (await ask({ ...workload, profile: true })).ops;
    },
    peakMegabytes: () => peakMegabytes(child.pid),
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Resident peak of a process, from Linux's account of it; other systems have none. */
function peakMegabytes(pid) {
  const account = `/proc/${pid}/status`;
  const found = existsSync(account) && /VmHWM:\s+(\d+) kB/.exec(readFileSync(account, "utf8"));
  return found ? Number(found[1]) / 1024 : NaN;
}
