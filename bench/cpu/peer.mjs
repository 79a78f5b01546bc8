// Starts the peer's process (installing it first, into an ignored folder) and asks it for one measurement at a time.
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const environment = process.env.PATCHBAY_BENCH_VENV ?? join(here, "..", ".venv");

function install() {
  const python = join(environment, "bin", "python");
  if (existsSync(python) && spawnSync(python, ["-c", "import diffusers, openvino, torch, transformers"]).status === 0) return;
  process.stderr.write(`Installing PyTorch, diffusers and OpenVINO into ${environment} …\n`);
  for (const [command, ...args] of [
    ["python3", "-m", "venv", environment],
    [join(environment, "bin", "pip"), "install", "torch", "diffusers", "transformers", "openvino"],
  ]) {
    const { status } = spawnSync(command, args, { stdio: ["ignore", 2, 2] });
    if (status !== 0) throw new Error(`could not install the peers: ${command} ${args.join(" ")} failed`);
  }
}

/** A peer ("torch" or "openvino") at a precision ("fp32" or "bf16") on `threads` threads: `measure(workload)` gives milliseconds. */
export async function startPeer(name, precision, threads) {
  install();
  const child = spawn(join(environment, "bin", "python"), [join(here, "peer.py"), name, precision, String(threads)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the peer's process ended");
    return JSON.parse(value);
  };
  const { engine } = await next();
  return {
    engine,
    pid: child.pid,
    has: (workload) => !workload.startsWith("starter"),
    async measure(workload) {
      child.stdin.write(`${workload}\n`);
      return (await next()).milliseconds;
    },
    stop: () => child.stdin.end(),
  };
}
