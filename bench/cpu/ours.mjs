// Our engine on the same workloads as peer.py, and the starter's picture.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Network, WeightScope } from "@patchbay/engine";
import { loadNative } from "@patchbay/engine-bindings";
import { loadCheckpoint, sampleLatent } from "@patchbay/models";
import { writeRandomCheckpoint } from "./randomCheckpoint.mjs";
import { sd15Layout } from "./sd15Layout.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const cache = join(here, "..", ".cache");

/** Values of variance 1. */
function noise(shape) {
  const data = Float32Array.from(
    { length: shape.reduce((product, size) => product * size, 1) },
    () => Math.sqrt(12) * (Math.random() - 0.5),
  );
  return { data, shape };
}

/** The starter's picture, 128 × 128 in 20 steps: sampling and decoding, the prompt already encoded. */
async function starterPicture() {
  const { model, clip, vae } = await loadCheckpoint(join(here, "..", "..", "models", "starter", "starter.safetensors"));
  const [positive, negative] = [await clip.encode("a red sailboat on the sea at sunset"), await clip.encode("")];
  const shape = [1, 4, 16, 16];
  return async () => {
    const latent = new Float32Array(1024);
    const settings = { cfg: 4, seed: 1n, steps: 20, sampler: "euler", scheduler: "karras", denoise: 1 };
    const data = await sampleLatent({ ...settings, model, positive, negative, latent, shape });
    await vae.decode({ data, shape });
  };
}

/** Our side: `measure(workload)` gives milliseconds. */
export async function startOurs(threads) {
  mkdirSync(cache, { recursive: true });
  const path = join(cache, "sd15-random.safetensors");
  writeRandomCheckpoint(path, sd15Layout());
  const native = loadNative();
  native.configure({ threads });
  const { model, clip, vae } = await loadCheckpoint(path);
  const context = noise([2, 77, 768]);
  const request = (side) => ({ x: noise([2, 4, side, side]), timestep: 500, context });
  const step = async (side) => {
    const inputs = request(side);
    return () => model.predict(inputs);
  };
  const decode = async (side) => {
    const latent = noise([1, 4, side, side]);
    return () => vae.decode(latent);
  };
  const makers = {
    "unet 512": () => step(64),
    "unet 256": () => step(32),
    "vae decode 512": () => decode(64),
    "vae decode 256": () => decode(32),
    "vae encode 512": async () => {
      const picture = { data: Float32Array.from({ length: 512 * 512 * 3 }, Math.random), shape: [1, 512, 512, 3] };
      return () => vae.encode(picture);
    },
    "clip text": async () => () => clip.encode("a red sailboat on the sea at sunset"),
    "starter picture": starterPicture,
  };
  const ready = {};
  return {
    engine: `Patchbay, ${native.configuration().isa}, fp32 arithmetic over fp16 weights`,
    has: (workload) => workload in makers,
    async measure(workload) {
      ready[workload] ??= await makers[workload]();
      const start = performance.now();
      await ready[workload]();
      return performance.now() - start;
    },
    /** A UNet step at 512² op by op. */
    async profile() {
      const inputs = model.definition.inputs(request(64));
      const specs = Object.fromEntries(Object.entries(inputs).map(([name, { shape }]) => [name, { shape }]));
      const network = new Network("profile", model.definition.build(new WeightScope(await model.weights.get())));
      const executable = network.compile(specs);
      await executable.profile(inputs);
      return executable.profile(inputs);
    },
    memory: () => native.memory(),
  };
}
