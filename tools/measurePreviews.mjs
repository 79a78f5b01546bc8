// Measures the previews of sampling on the starter: how close a linear map of the latents comes to the decoded picture (PSNR in dB), how long the
// fit takes, and what making the pictures costs the sampling.   node tools/measurePreviews.mjs [rounds]   (after `npm run build`)
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const load = (name) => import(join(root, "packages", name, "dist", "index.js"));
const { fitLatentRgb, latentToPicture, loadCheckpoint, resizeArea, resizeBilinear, sampleLatent, stableDiffusionRgb } =
  await load("models");
const { nodesByType } = await load("nodes");

const PROMPTS = [
  "a red sailboat on the sea at sunset",
  "two pine trees in a snowy field at night with stars",
  "a castle on green hills at day",
  "three cacti in the desert at dawn",
  "a lighthouse by the sea at night",
  "a city skyline at sunset",
];
const SIDE = 16;
const { model, clip, vae } = await loadCheckpoint(join(root, "models", "starter", "starter.safetensors"));
const negative = await clip.encode("");

/** Final latents in the model's own scale, with their pictures. */
async function samples() {
  const shape = [1, 4, SIDE, SIDE];
  const found = [];
  for (const [at, prompt] of PROMPTS.entries()) {
    const positive = await clip.encode(prompt);
    const settings = { cfg: 4, seed: BigInt(at), steps: 20, sampler: "euler", scheduler: "karras" };
    const latent = await sampleLatent({ model, positive, negative, ...settings, latent: new Float32Array(4 * SIDE * SIDE), shape });
    const picture = await vae.decode({ data: latent, shape });
    found.push({ latent: latent.map((value) => value * model.latent.scale), picture });
  }
  return found;
}

function psnr(a, b) {
  const sum = a.reduce((total, value, i) => total + (value - b[i]) ** 2, 0);
  return -10 * Math.log10(sum / a.length);
}

function report(name, map, found) {
  let [small, full] = [0, 0];
  for (const { latent, picture } of found) {
    const drawn = latentToPicture(latent, [1, 4, SIDE, SIDE], map);
    const colours = { data: Float32Array.from(drawn.data, (value) => value / 255), shape: [1, SIDE, SIDE, 3], channels: "last" };
    small += psnr(colours.data, resizeArea({ ...picture, channels: "last" }, SIDE, SIDE).data);
    full += psnr(resizeBilinear(colours, SIDE * 8, SIDE * 8).data, picture.data);
  }
  console.log(
    `${name}: ${(small / found.length).toFixed(1)} dB at the latent's size, ${(full / found.length).toFixed(1)} dB at the picture's`,
  );
}

const found = await samples();
const began = performance.now();
const fitted = await fitLatentRgb(vae, model.latent.scale);
console.log(`fit: ${(performance.now() - began).toFixed(0)} ms, once a model`);
report("fitted to the starter's autoencoder", fitted, found);
report("published for Stable Diffusion 1", stableDiffusionRgb, found);

const positive = await clip.encode(PROMPTS[0]);
const kSampler = nodesByType.get("KSampler");
async function sampleOnce(preview) {
  const latent_image = { samples: new Float32Array(4 * SIDE * SIDE), shape: [1, 4, SIDE, SIDE] };
  const settings = { seed: 1n, steps: 20, cfg: 4, sampler_name: "euler", scheduler: "karras", denoise: 1 };
  const context = { signal: new AbortController().signal, progress() {}, ...(preview && { preview }) };
  const start = performance.now();
  await kSampler.run({ model, positive, negative, latent_image, ...settings }, context);
  return performance.now() - start;
}
const rounds = Number(process.argv[2] ?? 30);
let pictures = 0;
const times = { without: [], with: [] };
for (let round = 0; round < rounds; round++) {
  times.without.push(await sampleOnce());
  times.with.push(await sampleOnce(() => pictures++));
}
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const [without, withPreviews] = [median(times.without), median(times.with)];
const cost = ((withPreviews / without - 1) * 100).toFixed(1);
console.log(
  `20 steps: ${without.toFixed(0)} ms, with ${(pictures / rounds).toFixed(1)} previews ${withPreviews.toFixed(0)} ms (${cost} %)`,
);
