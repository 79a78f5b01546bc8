import { readFile } from "node:fs/promises";
import { fillDefaults, readGraph, stringifyJson, toPrompt, toWorkflow, type Catalog, type JsonValue, type Prompt } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import { isFinal, type Job } from "@patchbay/protocol";
import type { JobDesk } from "../jobs/jobDesk.js";
import { checkPrompt, type FileChecker } from "../jobs/checkPrompt.js";
import { graphHash } from "../jobs/readNewJob.js";
import { ServerError } from "./serverError.js";

export interface WelcomeOptions {
  /** The file of the graph; undefined when there is none. */
  readonly file: string | undefined;
  readonly desk: JobDesk;
  /** The nodes and files there are. @throws ServerError WORKER_NOT_READY */
  readonly interfaces: () => Promise<Catalog>;
  readonly files: FileChecker;
}

/** How many jobs of the graph are looked through for one with a picture. */
const lookedThrough = 50;

interface Runnable {
  readonly graph: JsonValue;
  readonly prompt: Prompt;
  readonly workflow: JsonValue;
  readonly hash: string | null;
}

/** The graph that a new studio opens with, and the job that made its picture here. */
export class Welcome {
  readonly #options: WelcomeOptions;
  #read: Promise<Runnable> | undefined;

  constructor(options: WelcomeOptions) {
    this.#options = options;
  }

  /** welcomeSchema as JSON. @throws ServerError HTTP_NOT_FOUND without a graph, WORKER_NOT_READY */
  async answer(): Promise<string> {
    const { graph, hash } = await this.#runnable();
    return stringifyJson({ graph, job: (this.#job(hash) ?? null) as unknown as JsonValue });
  }

  /**
   * Makes the picture unless it was made, or is being made: accepts a job for it. Resolves when that has ended, with the job; with null when the
   * graph can't be run here, as its model is missing.
   */
  async firstPicture(): Promise<Job | null> {
    if (this.#options.file === undefined) return null;
    const { prompt, workflow, hash } = await this.#runnable();
    const done = this.#job(hash);
    if (done) return done;
    const { desk, files } = this.#options;
    const waiting = hash === null ? undefined : desk.store.byGraph(hash, 1).find(({ state }) => !isFinal(state));
    if (waiting) return ended(desk, waiting);
    try {
      await checkPrompt(prompt, null, await this.#options.interfaces(), files);
    } catch (error) {
      if (error instanceof ServerError) return null;
      throw error;
    }
    const body = stringifyJson({ prompt: prompt as unknown as JsonValue, workflow, title: "Welcome" });
    return ended(desk, await desk.intake.accept(Buffer.from(body)));
  }

  /** The newest job that made the picture and still has it. */
  #job(hash: string | null): Job | undefined {
    if (hash === null) return undefined;
    return this.#options.desk.store.byGraph(hash, lookedThrough).find(({ state, files }) => state === "done" && files.length > 0);
  }

  #runnable(): Promise<Runnable> {
    this.#read ??= this.#readFile().catch((error: unknown) => {
      this.#read = undefined;
      throw error;
    });
    return this.#read;
  }

  async #readFile(): Promise<Runnable> {
    const { file, interfaces } = this.#options;
    if (file === undefined) throw new ServerError("HTTP_NOT_FOUND", 404, "This server has no graph to open with");
    const [bytes, nodes] = await Promise.all([readFile(file), interfaces()]);
    const catalog = { ...comfyNodes(), ...nodes };
    const { document, prompt: given } = readGraph(bytes, { catalog });
    const prompt = given ?? fillDefaults(toPrompt(document, catalog), catalog);
    // The hash is that of the prompt as it is run, with its values in their inputs' types.
    const typed = await checkPrompt(prompt, null, nodes, { check: () => Promise.resolve([]) }).catch(() => prompt);
    return { graph: document as unknown as JsonValue, prompt, workflow: toWorkflow(document, catalog), hash: graphHash(typed) };
  }
}

/** Resolves with a job when it has ended. */
function ended(desk: JobDesk, job: Job): Promise<Job> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      const now = desk.store.get(job.id);
      if (!now || isFinal(now.state)) resolve(now ?? job);
      return !now || isFinal(now.state);
    };
    if (look()) return;
    const unsubscribe = desk.feed.subscribe({
      events: (batch) => {
        if (batch.job === job.id && look()) unsubscribe();
      },
    });
  });
}
