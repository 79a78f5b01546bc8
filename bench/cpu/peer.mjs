// Starts a peer's process, installing the peers first, into an ignored folder.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startProcess } from "./engineProcess.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const environment = process.env.PATCHBAY_BENCH_VENV ?? join(here, "..", ".venv");
const python = join(environment, "bin", "python");

/** Puts PyTorch, diffusers and OpenVINO where `startPeer` finds them. */
export function installPeers() {
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

/** A peer ("torch" or "openvino") at a precision ("fp32" or "bf16"). */
export function startPeer(name, precision, threads) {
  return startProcess(python, ["-B", join(here, "peer.py"), name, precision, String(threads)]);
}
