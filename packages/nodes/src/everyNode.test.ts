import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCheckpoint, writeSafetensors, type Conditioning } from "@patchbay/models";
import { beforeAll, describe, expect, it } from "vitest";
import { nodes } from "./catalog.js";
import { saveLatent } from "./model/latent/saveLatent.js";
import type { ModelFolders } from "./nodeContext.js";
import { NodeError } from "./nodeError.js";
import { testContext, type TestContext } from "./testing/testContext.js";
import type { ImageValue, LatentValue, MaskValue, ValueType } from "./values.js";

const starter = fileURLToPath(new URL("../../../models/starter/starter.safetensors", import.meta.url));

function floats(count: number, seed = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}

const image: ImageValue = { data: floats(2 * 64 * 72 * 3), batch: 2, height: 64, width: 72, channels: 3 };
const mask: MaskValue = { data: floats(20 * 30).map(Math.round), batch: 1, height: 20, width: 30 };
const latent: LatentValue = { samples: floats(4 * 64), shape: [1, 4, 8, 8], noiseMask: mask };
const size = { width: 24, height: 16 };

let context: TestContext;
let models: Record<string, unknown>;

/** Inputs for every node: a node that has none here fails. */
const inputs: Record<string, () => Record<string, unknown>> = {
  CheckpointLoaderSimple: () => ({ ckpt_name: "starter" }),
  VAELoader: () => ({ vae_name: "starter" }),
  DiffusersLoader: () => ({ model_path: "starter" }),
  LoraLoader: () => ({ ...models, lora_name: "lora", strength_model: 0.5, strength_clip: 0 }),
  LoraLoaderModelOnly: () => ({ ...models, lora_name: "lora", strength_model: 0.5 }),
  CLIPTextEncode: () => ({ ...models, text: "a (red:1.2) house, embedding:none" }),
  CLIPSetLastLayer: () => ({ ...models, stop_at_clip_layer: -2 }),
  ConditioningCombine: () => ({ conditioning_1: models["positive"], conditioning_2: models["negative"] }),
  ConditioningAverage: () => ({
    conditioning_to: models["positive"],
    conditioning_from: models["negative"],
    conditioning_to_strength: 0.3,
  }),
  ConditioningZeroOut: () => ({ conditioning: models["positive"] }),
  ConditioningConcat: () => ({ conditioning_to: models["positive"], conditioning_from: models["negative"] }),
  ConditioningSetArea: () => ({ conditioning: models["positive"], width: 64, height: 64, x: 8, y: 0, strength: 0.5 }),
  ConditioningSetAreaPercentage: () => ({ conditioning: models["positive"], width: 0.5, height: 1, x: 0.25, y: 0, strength: 1 }),
  ConditioningSetAreaStrength: () => ({ conditioning: models["positive"], strength: 2 }),
  ConditioningSetMask: () => ({ conditioning: models["positive"], mask, strength: 1, set_cond_area: "mask bounds" }),
  ConditioningSetTimestepRange: () => ({ conditioning: models["positive"], start: 0.2, end: 0.8 }),
  KSampler: () => ({ ...models, ...sampling, seed: 5n, latent_image: latent, denoise: 0.7 }),
  KSamplerAdvanced: () => ({ ...models, ...sampling, ...advanced, latent_image: latent }),
  EmptyLatentImage: () => ({ ...size, batch_size: 2 }),
  VAEDecode: () => ({ ...models, samples: latent }),
  VAEEncode: () => ({ ...models, pixels: image }),
  VAEEncodeForInpaint: () => ({ ...models, pixels: image, mask, grow_mask_by: 6 }),
  LatentUpscale: () => ({ samples: latent, upscale_method: "bislerp", width: 96, height: 0, crop: "disabled" }),
  LatentUpscaleBy: () => ({ samples: latent, upscale_method: "bicubic", scale_by: 1.5 }),
  SetLatentNoiseMask: () => ({ samples: latent, mask }),
  LatentFromBatch: () => ({ samples: latent, batch_index: -1, length: 2 }),
  RepeatLatentBatch: () => ({ samples: latent, amount: 3 }),
  SaveLatent: () => ({ samples: latent, filename_prefix: "latents/a" }),
  LoadLatent: () => ({ latent: "saved.latent" }),
  LoadImage: () => ({ image: "rgba20.png" }),
  LoadImageMask: () => ({ image: "rgba20.png", channel: "alpha" }),
  SaveImage: () => ({ images: image, filename_prefix: "a" }),
  PreviewImage: () => ({ images: image }),
  EmptyImage: () => ({ ...size, batch_size: 1, color: 255 }),
  ImageScale: () => ({ image, upscale_method: "lanczos", ...size, crop: "center" }),
  ImageScaleBy: () => ({ image, upscale_method: "area", scale_by: 0.4 }),
  ImageInvert: () => ({ image }),
  MaskToImage: () => ({ mask }),
  InvertMask: () => ({ mask }),
  SolidMask: () => ({ value: 0.3, ...size }),
  PrimitiveInt: () => ({ value: 2n ** 62n }),
  PrimitiveFloat: () => ({ value: 0.5 }),
  PrimitiveString: () => ({ value: "a" }),
  PrimitiveStringMultiline: () => ({ value: "a\nb" }),
  PrimitiveBoolean: () => ({ value: true }),
};
const sampling = { steps: 2, cfg: 3, sampler_name: "euler_ancestral", scheduler: "karras" };
const advanced = { noise_seed: 7, add_noise: "enable", start_at_step: 0, end_at_step: 1, return_with_leftover_noise: "enable" };

/** Whether a value is what travels on a wire of its type. */
const isValid: Record<ValueType, (value: never) => boolean> = {
  MODEL: (value: { predict?: unknown }) => typeof value.predict === "function",
  CLIP: (value: { encode?: unknown }) => typeof value.encode === "function",
  VAE: (value: { decode?: unknown }) => typeof value.decode === "function",
  CONDITIONING: (value: Conditioning) => value.every(({ tokens }) => tokens.data.length === product(tokens.shape)),
  LATENT: ({ samples, shape }: LatentValue) => shape.length === 4 && samples.length === product(shape),
  IMAGE: ({ data, batch, height, width, channels }: ImageValue) => data.length === batch * height * width * channels,
  MASK: ({ data, batch, height, width }: MaskValue) => data.length === batch * height * width,
  INT: (value: unknown) => typeof value === "bigint" || Number.isInteger(value),
  FLOAT: (value: unknown) => Number.isFinite(value),
  STRING: (value: unknown) => typeof value === "string",
  BOOLEAN: (value: unknown) => typeof value === "boolean",
  "*": () => true,
};

function product(shape: readonly number[]): number {
  return shape.reduce((all, each) => all * each, 1);
}

/** The data of a value, without models: those never change and can't be copied. */
function dataOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return structuredClone(value);
  if (Array.isArray(value)) return value.map(dataOf);
  if (typeof value !== "object" || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return Object.getPrototypeOf(value) as unknown;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, dataOf(each)]));
}

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "patchbay-models-"));
  const lora = join(folder, "lora.safetensors");
  const name = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q";
  writeFileSync(
    lora,
    writeSafetensors({
      [`${name}.lora_up.weight`]: { dtype: "F32", shape: [192, 2], data: floats(384) },
      [`${name}.lora_down.weight`]: { dtype: "F32", shape: [2, 192], data: floats(384, 2) },
    }),
  );
  const files: Record<string, string> = { starter, lora };
  const folders: ModelFolders = {
    async resolve(_, file) {
      if (files[file]) return files[file];
      throw new NodeError("FILE_NOT_FOUND", file);
    },
    list: async () => Object.keys(files),
  };
  context = testContext({ models: folders });
  copyFileSync(fileURLToPath(new URL("testing/pictures/rgba20.png", import.meta.url)), join(context.inputDir, "rgba20.png"));
  await saveLatent.run({ samples: latent, filename_prefix: "saved" }, context);
  copyFileSync(join(context.outputDir, "saved_00001_.latent"), join(context.inputDir, "saved.latent"));
  const { model, clip, vae } = await loadCheckpoint(starter);
  models = { model, clip, vae, positive: await clip!.encode("a house"), negative: await clip!.encode("") };
});

describe("every node", () => {
  it("has inputs to be tried with", () => {
    expect(Object.keys(inputs).sort()).toEqual(nodes.map(({ type }) => type).sort());
  });

  it.each(nodes.map((node) => [node.type, node] as const))(
    "%s is pure: it changes no input, and gives the same again",
    async (type, node) => {
      const given = Object.fromEntries(Object.entries(inputs[type]!()).filter(([name]) => Object.hasOwn(node.inputs, name)));
      const before = dataOf(given);
      const first = await node.run(given, context);
      const second = await node.run(given, context);
      expect(dataOf(given)).toEqual(before);
      expect(dataOf(second)).toEqual(dataOf(first));
      node.outputs.forEach(({ name, type: output }, slot) => {
        expect({ name, valid: isValid[output](first[slot] as never) }).toEqual({ name, valid: true });
      });
    },
  );

  it.each(nodes.map((node) => [node.type, node] as const))("%s names an input that is missing", async (_, node) => {
    await expect(node.run({}, context)).rejects.toMatchObject({ code: "NODE_INPUT_MISSING" });
  });
});

describe("saveLatent and loadLatent", () => {
  it("give the values back to the bit, with the marker ComfyUI looks for", async () => {
    const { nodesByType } = await import("./catalog.js");
    const [loaded] = (await nodesByType.get("LoadLatent")!.run({ latent: "saved.latent" }, context)) as [LatentValue];
    expect(loaded).toEqual({ samples: latent.samples, shape: latent.shape });
    const bytes = readFileSync(join(context.inputDir, "saved.latent"));
    const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE()))) as Record<string, { shape: number[] }>;
    expect(header["latent_format_version_0"]!.shape).toEqual([0]);
    expect(header["latent_tensor"]!.shape).toEqual([1, 4, 8, 8]);
  });

  it("scales old files, and refuses what holds no latents", async () => {
    const { nodesByType } = await import("./catalog.js");
    const load = async (name: string, tensors: Parameters<typeof writeSafetensors>[0]): Promise<LatentValue> => {
      writeFileSync(join(context.inputDir, name), writeSafetensors(tensors));
      return (await nodesByType.get("LoadLatent")!.run({ latent: name }, context))[0] as LatentValue;
    };
    const old = await load("old.latent", { latent_tensor: { dtype: "F32", shape: [1, 1, 1, 1], data: Float32Array.of(0.18215) } });
    expect(old.samples[0]).toBeCloseTo(1, 6);
    await expect(load("no.latent", { other: { dtype: "F32", shape: [1], data: Float32Array.of(1) } })).rejects.toMatchObject({
      code: "FILE_LATENT_INVALID",
    });
    await expect(load("flat.latent", { latent_tensor: { dtype: "F32", shape: [1], data: Float32Array.of(1) } })).rejects.toMatchObject({
      code: "FILE_LATENT_INVALID",
    });
  });
});

describe("the loaders", () => {
  it("warn of what a LoRA holds that was not applied", async () => {
    const { nodesByType } = await import("./catalog.js");
    const warnings: string[] = [];
    const folder = mkdtempSync(join(tmpdir(), "patchbay-models-"));
    const path = join(folder, "other.safetensors");
    writeFileSync(
      path,
      writeSafetensors({
        "lora_unet_nowhere.lora_up.weight": { dtype: "F32", shape: [1, 1], data: new Float32Array(1) },
        "lora_unet_nowhere.lora_down.weight": { dtype: "F32", shape: [1, 1], data: new Float32Array(1) },
      }),
    );
    const warning = {
      ...context,
      models: { ...context.models, resolve: async () => path },
      warn: (message: string) => void warnings.push(message),
    };
    const given = { model: models["model"], lora_name: "other", strength_model: 1 };
    const [model] = await nodesByType.get("LoraLoaderModelOnly")!.run(given, warning);
    expect(model).toBe(models["model"]);
    expect(warnings).toEqual([expect.stringContaining("lora_unet_nowhere")]);
    await nodesByType.get("LoraLoaderModelOnly")!.run({ ...given, strength_model: 0 }, warning);
    expect(warnings.length).toBe(1);
  });
});
