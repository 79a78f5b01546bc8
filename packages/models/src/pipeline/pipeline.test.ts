import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Weight } from "@patchbay/engine";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { originalUnetName } from "../families/networks/unet/diffusersUnetNames.js";
import { indexOf, readGoldenNetwork, renamed } from "../families/testing/goldenNetwork.js";
import { starterPath } from "../testing/goldenModels.js";
import { relativeError } from "../testing/goldenTensors.js";
import { writeSafetensors, type TensorToWrite } from "../weights/index.js";
import { inspectModelFile, loadAutoencoder, loadCheckpoint, sampleLatent } from "./index.js";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "patchbay-pipeline-"))));
afterAll(async () => rm(folder, { recursive: true }));

async function save(name: string, weights: ReadonlyMap<string, Weight>, prefix = ""): Promise<string> {
  const tensors = [...weights].map(([key, weight]): [string, TensorToWrite] => {
    return [prefix + key, { dtype: "F32", shape: weight.shape, data: weight.read() }];
  });
  return saveBytes(name, writeSafetensors(Object.fromEntries(tensors)));
}

async function saveBytes(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  return path;
}

describe("model files", () => {
  test("a diffusers folder loads as a single file does", async () => {
    const [unet, vae, clip] = [readGoldenNetwork("unet-sd2"), readGoldenNetwork("autoencoder"), readGoldenNetwork("clip-l")];
    await save("pipe/unet/diffusion_pytorch_model.safetensors", unet.weights);
    await save("pipe/vae/diffusion_pytorch_model.safetensors", vae.weights);
    await save("pipe/text_encoder/model.safetensors", clip.weights, "text_model.");
    await saveBytes("pipe/scheduler/scheduler_config.json", JSON.stringify({ prediction_type: "v_prediction" }));
    const loaded = await loadCheckpoint(join(folder, "pipe"));
    expect(loaded.family.id).toBe("sd2");
    expect(loaded.model.sampling.predictionType).toBe("v");
    const output = await loaded.model.predict({
      x: unet.tensor("x"),
      timestep: unet.tensor("timestep").data[0]!,
      context: unet.tensor("context"),
    });
    expect(relativeError(output.data, unet.tensor("output").data)).toBeLessThan(1e-5);
    const latent = await loaded.vae!.encode({ data: toPicture(vae.tensor("image").data, [2, 3, 8, 12]), shape: [2, 8, 12, 3] });
    expect(relativeError(latent.data, vae.tensor("latent").data)).toBeLessThan(1e-5);
    // The last layer of SD2's encoder isn't in such folders: the last stored one is the penultimate.
    expect([loaded.clip!.layer, loaded.clip!.definition.nominalLayers]).toEqual([3, 4]);
    expect(() => loaded.clip!.withLastLayer(-1)).toThrowError(expect.objectContaining({ code: "MODEL_LAYER" }));
    expect(await inspectModelFile(join(folder, "pipe"))).toMatchObject({ kind: "checkpoint", family: { id: "sd2" } });
  });

  test("a text encoder that transformers 5 saved has no level of its own in its names", async () => {
    const [unet, clip] = [readGoldenNetwork("unet-sd1"), readGoldenNetwork("clip-l")];
    await save("pipe5/unet/diffusion_pytorch_model.safetensors", unet.weights);
    await save("pipe5/text_encoder/model.safetensors", clip.weights);
    const { clip: text, vae } = await loadCheckpoint(join(folder, "pipe5"));
    expect(text!.definition.config.layers).toBe(3);
    expect(vae).toBeUndefined();
  });

  test("an autoencoder of its own, by either naming; large pictures are cropped around the middle", async () => {
    const { weights } = readGoldenNetwork("autoencoder");
    const vae = await loadAutoencoder(await save("vae.safetensors", weights));
    expect(vae.config).toMatchObject({ scale: 2, latentChannels: 4 });
    const picture = (height: number, width: number) => ({
      data: new Float32Array(height * width * 4).fill(0.25),
      shape: [1, height, width, 4],
    });
    const first = await vae.encode(picture(5, 7));
    expect(first.shape).toEqual([1, 4, 2, 3]);
    expect(first.data).toEqual((await vae.encode(picture(4, 6))).data);
    await expect(vae.encode(picture(1, 7))).rejects.toMatchObject({ code: "MODEL_IMAGE_SHAPE" });
    await expect(vae.decode({ data: new Float32Array(12), shape: [1, 3, 2, 2] })).rejects.toMatchObject({ code: "MODEL_LATENT_SHAPE" });
    const image = await vae.decode({ data: new Float32Array(2 * 4 * 3 * 5).fill(3), shape: [2, 4, 3, 5] });
    expect(image.shape).toEqual([2, 6, 10, 3]);
    expect(Math.min(...image.data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...image.data)).toBeLessThanOrEqual(1);
    expect(await inspectModelFile(join(folder, "vae.safetensors"))).toMatchObject({
      kind: "autoencoder",
      parts: [{ sizes: { channels: [32, 64], scale: 2 } }],
    });
  });

  test("what can't be used is refused with a code", async () => {
    const golden = readGoldenNetwork("unet-sd1");
    const original = renamed(golden.weights, originalUnetName(indexOf(golden.weights)));
    const prefix = "model.diffusion_model.";
    const sdxl = new Map([...original, ["label_emb.0.0.weight", original.get("out.0.weight")!]]);
    await expect(loadCheckpoint(await save("xl.safetensors", sdxl, prefix))).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
    const inpainting = new Map([...original, ["input_blocks.0.0.weight", original.get("input_blocks.1.0.in_layers.2.weight")!]]);
    await expect(loadCheckpoint(await save("inpaint.safetensors", inpainting, prefix))).rejects.toMatchObject({
      code: "MODEL_UNSUPPORTED",
    });
    await expect(loadCheckpoint(await save("bare.safetensors", original))).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
    await expect(loadAutoencoder(join(folder, "bare.safetensors"))).rejects.toMatchObject({ code: "MODEL_UNKNOWN" });
    await expect(loadCheckpoint(folder)).rejects.toMatchObject({ code: "WEIGHTS_FILE" });
    await expect(loadCheckpoint(join(folder, "none.safetensors"))).rejects.toMatchObject({ code: "WEIGHTS_FILE" });
    const loaded = await loadCheckpoint(await save("unet.safetensors", original, prefix));
    expect([loaded.family.id, loaded.clip, loaded.vae]).toEqual(["sd1", undefined, undefined]);
  });
});

describe("the starter", () => {
  test("is an ordinary checkpoint: the same seed gives the same picture, a cancelled run ends with a code", async () => {
    const { model, clip, vae } = await loadCheckpoint(starterPath);
    const [positive, negative] = [await clip!.encode("a red sailboat on the sea at sunset"), await clip!.encode("")];
    const shape = [1, 4, 16, 16] as const;
    const options = {
      model,
      positive,
      negative,
      cfg: 4,
      steps: 4,
      sampler: "dpmpp_2m",
      scheduler: "karras",
      latent: new Float32Array(1024),
      shape,
    };
    const first = await sampleLatent({ ...options, seed: 5n });
    expect(await sampleLatent({ ...options, seed: 5n })).toEqual(first);
    expect(await sampleLatent({ ...options, seed: 6n })).not.toEqual(first);
    const picture = await vae!.decode({ data: first, shape });
    expect(picture.shape).toEqual([1, 128, 128, 3]);
    const mean = picture.data.reduce((sum, value) => sum + value, 0) / picture.data.length;
    expect(mean).toBeGreaterThan(0.1);
    expect(mean).toBeLessThan(0.9);

    const abort = new AbortController();
    const steps: number[] = [];
    const cancelled = sampleLatent({
      ...options,
      seed: 5n,
      steps: 50,
      signal: abort.signal,
      onStep: (index) => {
        steps.push(index);
        if (index === 1) abort.abort();
      },
    });
    await expect(cancelled).rejects.toThrow();
    expect(steps.length).toBeLessThan(4);
    await expect(sampleLatent({ ...options, seed: 5n, memoryLimit: 1000 })).rejects.toMatchObject({ code: "ENGINE_MEMORY" });
    await expect(sampleLatent({ ...options, seed: 5n, latent: new Float32Array(768), shape: [1, 3, 16, 16] })).rejects.toMatchObject({
      code: "MODEL_LATENT_SHAPE",
    });
  });

  test("what is disposed of is made again when it is used again", async () => {
    const { clip } = await loadCheckpoint(starterPath);
    const before = await clip!.encode("a tent");
    clip!.dispose();
    expect(await clip!.encode("a tent")).toEqual(before);
    clip!.dispose();
  });

  test("inspecting it tells what it is", async () => {
    const report = await inspectModelFile(starterPath);
    expect(report).toMatchObject({ kind: "checkpoint", family: { id: "sd1", title: "Stable Diffusion 1.x" }, problems: [] });
    expect(report.parts.map(({ part }) => part)).toEqual(["diffusion", "text encoder", "autoencoder"]);
    expect(
      report.parts.every(({ parameters, bytes, dtypes }) => parameters > 1e6 && bytes === parameters * 2 && dtypes["F16"] === parameters),
    ).toBe(true);
    expect(report.metadata["modelspec.architecture"]).toBe("stable-diffusion-v1");
  });
});

/** [N, C, H, W] in -1..1 → [N, H, W, C] in 0..1. */
function toPicture(data: Float32Array, [batch, channels, height, width]: readonly [number, number, number, number]): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < batch * height * width; i++) {
    const [n, pixel] = [Math.floor(i / (height * width)), i % (height * width)];
    for (let c = 0; c < channels; c++) out[i * channels + c] = (data[(n * channels + c) * height * width + pixel]! + 1) / 2;
  }
  return out;
}
