// `node bench/cpu/errors.mjs`: what `fast` and `small` differ from `exact`, on the starter and on random weights of Stable Diffusion 1.5's sizes.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { configureEngine, engineArithmetic } from "@patchbay/engine";
import { loadCheckpoint, sampleLatent } from "@patchbay/models";
import { writeRandomCheckpoint } from "./randomCheckpoint.mjs";
import { sd15Layout } from "./sd15Layout.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const starterFile = join(here, "..", "..", "models", "starter", "starter.safetensors");
const randomFile = join(here, "..", ".cache", "sd15-random.safetensors");

/** Values of variance 1 that are the same every time. */
function seededNoise(shape) {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 0) / 2 ** 32 - 0.5;
  };
  return { data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.sqrt(12) * next()), shape };
}

const sumOf = (length, term) => {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += term(i);
  return sum;
};
/** ‖a − b‖ / ‖b‖. */
const relative = (a, b) => Math.sqrt(sumOf(a.length, (i) => (a[i] - b[i]) ** 2) / sumOf(a.length, (i) => b[i] ** 2));
/** Decibels, of values 0..1. */
const psnr = (a, b) => 10 * Math.log10(a.length / sumOf(a.length, (i) => (a[i] - b[i]) ** 2));

/** By what is compared: its values at the precision that is set. */
async function starter() {
  const { model, clip, vae } = await loadCheckpoint(starterFile);
  const shape = [1, 4, 16, 16];
  const settings = {
    cfg: 4,
    seed: 1n,
    steps: 20,
    sampler: "euler",
    scheduler: "karras",
    denoise: 1,
    latent: new Float32Array(1024),
    shape,
  };
  return async () => {
    const [positive, negative] = [await clip.encode("a red sailboat on the sea at sunset"), await clip.encode("")];
    const latent = await sampleLatent({ ...settings, model, positive, negative });
    return { latent, picture: (await vae.decode({ data: latent, shape })).data };
  };
}

async function random() {
  writeRandomCheckpoint(randomFile, sd15Layout());
  const { model, vae } = await loadCheckpoint(randomFile);
  const inputs = { x: seededNoise([2, 4, 32, 32]), timestep: 500, context: seededNoise([2, 77, 768]) };
  const latent = { data: inputs.x.data.slice(0, 4096), shape: [1, 4, 32, 32] };
  return async () => ({ latent: (await model.predict(inputs)).data, picture: (await vae.decode(latent)).data });
}

process.stdout.write("| what | precision | relative L2 | PSNR of the picture, dB |\n| --- | --- | --- | --- |\n");
for (const { what, make } of [
  { what: "starter: latent after 20 steps; picture", make: starter },
  { what: "random SD 1.5 at 256²: UNet step; decoder", make: random },
]) {
  const compute = await make();
  let exact;
  for (const precision of ["exact", "fast", "small"]) {
    configureEngine({ precision });
    const got = await compute();
    exact ??= got;
    if (precision === "exact") continue;
    const [error, quality] = [relative(got.latent, exact.latent).toExponential(1), psnr(got.picture, exact.picture).toFixed(1)];
    process.stdout.write(`| ${what} | ${engineArithmetic().precision} (${engineArithmetic().isa}) | ${error} | ${quality} |\n`);
  }
}
