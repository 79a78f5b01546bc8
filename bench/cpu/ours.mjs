// Our engine on the same workloads as peer.py.
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadNative } from "@patchbay/engine-bindings";
import { loadCheckpoint } from "@patchbay/models";
import { writeRandomCheckpoint } from "./randomCheckpoint.mjs";
import { sd15Layout } from "./sd15Layout.mjs";

const cache = join(dirname(fileURLToPath(import.meta.url)), "..", ".cache");

function noise(shape) {
  const data = Float32Array.from(
    { length: shape.reduce((product, size) => product * size, 1) },
    () => Math.sqrt(12) * (Math.random() - 0.5),
  );
  return { data, shape };
}

/** Our side: `measure(workload)` gives milliseconds. */
export async function startOurs(threads) {
  mkdirSync(cache, { recursive: true });
  const path = join(cache, "sd15-random.safetensors");
  writeRandomCheckpoint(path, sd15Layout());
  const native = loadNative();
  native.configure({ threads });
  const { model, vae } = await loadCheckpoint(path);
  const context = noise([2, 77, 768]);
  const unet = (side) => {
    const request = { x: noise([2, 4, side, side]), timestep: 500, context };
    return () => model.predict(request);
  };
  const decode = (side) => {
    const latent = noise([1, 4, side, side]);
    return () => vae.decode(latent);
  };
  const workloads = { "unet 512": unet(64), "unet 256": unet(32), "vae decode 512": decode(64), "vae decode 256": decode(32) };
  return {
    engine: `Patchbay, ${native.configuration().isa}, fp32 arithmetic over fp16 weights`,
    async measure(workload) {
      const start = performance.now();
      await workloads[workload]();
      return performance.now() - start;
    },
    memory: () => native.memory(),
  };
}
