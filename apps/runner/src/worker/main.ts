// The program of a worker process. Its one argument are its settings as JSON; requests and messages travel over the channel that
// child_process.fork makes (packages/protocol, worker.ts). It lives as long as the process at the other end of the channel.
import { warmUp } from "@patchbay/nodes";
import { workerRequestSchema, workerSettingsSchema, type WorkerMessage } from "@patchbay/protocol";
import { openWorker } from "./openWorker.js";
import { codeOf } from "./runOutcome.js";
import { WorkerService } from "./workerService.js";

/** The exit code of a worker that met an error which it has no answer to (EX_SOFTWARE of sysexits.h). */
const FAULT = 70;

/** Settles when the last message so far has left. */
let sent: Promise<void> = Promise.resolve();

function send(message: WorkerMessage): void {
  // The other end may be gone: then this process ends anyway.
  if (process.connected) sent = new Promise((resolve) => process.send!(message, undefined, undefined, () => resolve()));
}

function fail(cause: unknown): void {
  const message = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  process.stderr.write(`worker: ${message}\n`);
  const exit = (): never => process.exit(FAULT);
  if (!process.connected) exit();
  const text = cause instanceof Error ? cause.message : message;
  const fatal: WorkerMessage = {
    type: "fatal",
    error: { code: codeOf(cause) ?? "WORKER_FAULT", message: text, node: null, nodeType: null },
  };
  process.send!(fatal, undefined, undefined, exit);
  // Sending may never end when the other end has stopped reading.
  setTimeout(exit, 1000);
}

process.on("uncaughtException", fail);
process.on("disconnect", () => process.exit(0));
// Interrupts go to the whole group of a terminal: the server decides what becomes of its workers.
process.on("SIGINT", () => undefined);

if (!process.send) {
  process.stderr.write("worker: this program is started by the server, with child_process.fork\n");
  process.exit(2);
}

const settings = workerSettingsSchema.parse(JSON.parse(process.argv[2] ?? ""));
const service = new WorkerService(await openWorker(settings), send);
async function handle(message: unknown): Promise<void> {
  const request = workerRequestSchema.parse(message);
  await service.handle(request);
  if (request.type !== "close") return;
  service.stop();
  await sent;
  process.exit(0);
}
process.on("message", (message) => void handle(message).catch(fail));
await service.start();
void warmUp().catch(fail);
