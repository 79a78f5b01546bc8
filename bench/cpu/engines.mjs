// The engines of a run: ours at its precisions, and the peers. Each can start a process of its own as often as one is wanted.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { coldStart } from "./coldStart.mjs";
import { startProcess } from "./engineProcess.mjs";
import { startPeer } from "./peer.mjs";

const here = dirname(fileURLToPath(import.meta.url));

/** Our precisions, by the arithmetic of most of their work: engines are compared where that is the same. */
const arithmetics = { exact: "fp32", fast: "bf16", small: "int8" };
export const precisions = Object.keys(arithmetics);

const peerNames = { torch: "PyTorch", openvino: "OpenVINO" };
export const peers = Object.keys(peerNames).flatMap((name) => [`${name}-fp32`, `${name}-bf16`]);

export function ourEngine(precision, threads) {
  return {
    title: `Patchbay ${precision}`,
    ours: true,
    arithmetic: arithmetics[precision],
    start: ({ kind }) =>
      kind === "coldStart"
        ? coldStart(precision, threads)
        : startProcess(process.execPath, [join(here, "oursProcess.mjs"), precision, String(threads)]),
  };
}

/** @param peer one of `peers` */
export function peerEngine(peer, threads) {
  const [name, arithmetic] = peer.split("-");
  return {
    title: `${peerNames[name]} ${arithmetic}`,
    ours: false,
    arithmetic,
    start: () => startPeer(name, arithmetic, threads),
  };
}
