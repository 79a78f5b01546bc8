// Our engine on the workloads of workloads.mjs.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configureEngine, engineArithmetic, Executable } from "@patchbay/engine";
import { loadCheckpoint, sampleLatent } from "@patchbay/models";
import { noise } from "./noise.mjs";
import { writeRandomCheckpoint } from "./randomCheckpoint.mjs";
import { sd15Layout } from "./sd15Layout.mjs";
import { gemm, transformerBlock } from "./sdxlParts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const prompt = "a red sailboat on the sea at sunset";

/** Everything that is run from here on computes at this precision. */
function configure(precision, threads) {
  configureEngine({ precision, threads });
  const arithmetic = engineArithmetic();
  if (arithmetic.precision !== precision) throw new Error(`${arithmetic.isa} has nothing for the precision "${precision}"`);
  return arithmetic.isa;
}

/** A model of Stable Diffusion 1.5's sizes. */
async function randomModel() {
  const cache = join(here, "..", ".cache");
  mkdirSync(cache, { recursive: true });
  const path = join(cache, "sd15-random.safetensors");
  writeRandomCheckpoint(path, sd15Layout());
  return loadCheckpoint(path);
}

/** From a prompt's encoding to a picture. */
async function paint({ model, vae }, { positive, negative, side, memoryLimit, ...settings }) {
  const shape = [1, 4, side, side];
  const latent = new Float32Array(4 * side * side);
  const given = { ...settings, ...(memoryLimit && { memoryLimit }), seed: 1n, sampler: "euler", denoise: 1 };
  const data = await sampleLatent({ ...given, model, positive, negative, latent, shape });
  return vae.decode({ data, shape }, { memoryLimit });
}

/** By kind: what makes a workload, and gives what runs it. */
const makers = {
  gemm,
  block: transformerBlock,
  async unet({ side }) {
    const { model } = await randomModel();
    const inputs = { x: noise([2, 4, side, side]), timestep: 500, context: noise([2, 77, 768]) };
    return () => model.predict(inputs);
  },
  async decode({ side }) {
    const { vae } = await randomModel();
    const latent = noise([1, 4, side, side]);
    return () => vae.decode(latent);
  },
  async encode({ side }) {
    const { vae } = await randomModel();
    const size = 8 * side;
    const picture = { data: Float32Array.from({ length: size * size * 3 }, Math.random), shape: [1, size, size, 3] };
    return () => vae.encode(picture);
  },
  async text() {
    const { clip } = await randomModel();
    return () => clip.encode(prompt);
  },
  /** Two prompts, steps with guidance, the decoder; within a limit of memory where one is given. */
  async picture({ side, steps, megabytes }) {
    const memoryLimit = megabytes && megabytes * 2 ** 20;
    const parts = await randomModel();
    return async () => {
      const [positive, negative] = [await parts.clip.encode(prompt), await parts.clip.encode("")];
      return paint(parts, { positive, negative, side, steps, cfg: 7, scheduler: "normal", memoryLimit });
    };
  },
  /** The starter's picture, 128 × 128 in 20 steps: sampling and decoding, the prompt already encoded. */
  async starter() {
    const parts = await loadCheckpoint(join(here, "..", "..", "models", "starter", "starter.safetensors"));
    const [positive, negative] = [await parts.clip.encode(prompt), await parts.clip.encode("")];
    return () => paint(parts, { positive, negative, side: 16, steps: 20, cfg: 4, scheduler: "karras" });
  },
};

/** The engine of this process, set to a precision and a number of threads. */
export function startOurs(precision, threads) {
  const isa = configure(precision, threads);
  const ready = new Map();
  const prepare = async (workload) => {
    if (!ready.has(workload.name)) ready.set(workload.name, await makers[workload.kind](workload.sizes));
    return ready.get(workload.name);
  };
  return {
    engine: `Patchbay, ${isa}, ${precision}, fp16 weights in the file`,
    /** Milliseconds that one run takes. */
    async measure(workload) {
      const run = await prepare(workload);
      const start = performance.now();
      await run();
      return performance.now() - start;
    },
    /** What each op takes, of all networks that the workload runs. */
    async profile(workload) {
      const run = await prepare(workload);
      await run(); // packs weights
      const ops = [];
      const plain = Object.getOwnPropertyDescriptor(Executable.prototype, "run").value;
      Executable.prototype.run = async function profiled(inputs, options) {
        ops.push(...(await this.profile(inputs)));
        return plain.call(this, inputs, options);
      };
      try {
        await run();
      } finally {
        Executable.prototype.run = plain;
      }
      return ops;
    },
  };
}
