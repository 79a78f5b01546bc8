// Our engine as a process that engineProcess.mjs speaks to. Arguments: precision, threads.
import { createInterface } from "node:readline";
import { startOurs } from "./ours.mjs";

const [precision, threads] = process.argv.slice(2);
const answer = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const ours = startOurs(precision, Number(threads));
answer({ engine: ours.engine });
for await (const line of createInterface({ input: process.stdin })) {
  const workload = JSON.parse(line);
  answer(workload.profile ? { ops: await ours.profile(workload) } : { milliseconds: await ours.measure(workload) });
}
