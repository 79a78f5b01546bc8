// `npm run bench:cpu [-- options]`: see bench/README.md.
import { parseArgs } from "node:util";
import { ourEngine, peerEngine, peers, precisions } from "./engines.mjs";
import { describeMachine, measurePeaks } from "./machine.mjs";
import { measure } from "./measure.mjs";
import { installPeers } from "./peer.mjs";
import { printEngines, printOps, printPeaks, printResults } from "./tables.mjs";
import { workloads } from "./workloads.mjs";

const { values } = parseArgs({
  options: {
    /** Ours alone at one precision; `--ours` takes several. */
    precision: { type: "string", default: "exact" },
    ours: { type: "string" },
    peers: { type: "boolean", default: false },
    /** Which peers, with --peers. */
    engines: { type: "string", default: peers.join(",") },
    /** Workloads to show op by op: those whose name holds it. */
    ops: { type: "string" },
    threads: { type: "string", default: "2" },
    repeat: { type: "string", default: "3" },
    only: { type: "string", default: "" },
  },
});
const [threads, repeat] = [Number(values.threads), Number(values.repeat)];

/** The names of a comma-separated option. */
function namesOf(option, text, allowed) {
  const names = text.split(",");
  const unknown = names.find((name) => !allowed.includes(name));
  if (unknown === undefined) return names;
  process.stderr.write(`${option} must be among ${allowed.join(", ")}, not "${unknown}"\n`);
  process.exit(2);
}

const ours = namesOf("--ours", values.ours ?? values.precision, precisions).map((precision) => ourEngine(precision, threads));
const others = values.peers ? namesOf("--engines", values.engines, peers).map((peer) => peerEngine(peer, threads)) : [];
if (values.peers) installPeers();

process.stdout.write(`${describeMachine(threads)}\n`);
const peaks = measurePeaks(threads);
printPeaks(peaks);

const descriptions = new Set();
for (const workload of workloads.filter(({ name }) => name.includes(values.only))) {
  const results = await measure(workload, [...ours, ...others], repeat);
  printResults(workload, results, peaks);
  for (const { says } of results) if (says) descriptions.add(says);
}

for (const workload of workloads.filter(({ name }) => values.ops !== undefined && name.includes(values.ops))) {
  for (const engine of ours) {
    if (workload.kind === "coldStart") continue;
    const running = await engine.start(workload);
    printOps(workload, engine, await running.profile(workload), peaks);
    descriptions.add(running.engine);
    await running.stop();
  }
}
printEngines(descriptions);
