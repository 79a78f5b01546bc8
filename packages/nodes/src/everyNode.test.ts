import { copyFileSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { basicGuider, loadCheckpoint, samplers, writeSafetensors, type Conditioning, type DiffusionModel } from "@patchbay/models";
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
const small: LatentValue = { samples: floats(4 * 20, 3), shape: [1, 4, 4, 5], batchIndex: [2] };
const rgba: ImageValue = { data: floats(30 * 40 * 4, 5), batch: 1, height: 30, width: 40, channels: 4 };
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
  ConditioningMultiply: () => ({ conditioning: models["positive"], multiplier: 1.5 }),
  ConditioningSetArea: () => ({ conditioning: models["positive"], width: 64, height: 64, x: 8, y: 0, strength: 0.5 }),
  ConditioningSetAreaPercentage: () => ({ conditioning: models["positive"], width: 0.5, height: 1, x: 0.25, y: 0, strength: 1 }),
  ConditioningSetAreaStrength: () => ({ conditioning: models["positive"], strength: 2 }),
  ConditioningSetMask: () => ({ conditioning: models["positive"], mask, strength: 1, set_cond_area: "mask bounds" }),
  ConditioningSetTimestepRange: () => ({ conditioning: models["positive"], start: 0.2, end: 0.8 }),
  KSampler: () => ({ ...models, ...sampling, seed: 5n, latent_image: latent, denoise: 0.7 }),
  KSamplerAdvanced: () => ({ ...models, ...sampling, ...advanced, latent_image: latent }),
  ModelSamplingDiscrete: () => ({ ...models, sampling: "lcm", zsnr: false }),
  ModelSamplingContinuousEDM: () => ({ ...models, sampling: "edm", sigma_max: 80, sigma_min: 0.01 }),
  ModelSamplingContinuousV: () => ({ ...models, sampling: "v_prediction", sigma_max: 80, sigma_min: 0.01 }),
  RescaleCFG: () => ({ ...models, multiplier: 0.7 }),
  SamplerCustom: () => ({ ...models, ...custom, add_noise: true, noise_seed: 5n, cfg: 2, latent_image: latent }),
  SamplerCustomAdvanced: () => ({
    ...custom,
    noise: { seed: 4n, isAdded: false },
    guider: basicGuider(models["model"] as DiffusionModel, models["positive"] as Conditioning),
    latent_image: latent,
  }),
  KSamplerSelect: () => ({ sampler_name: "dpmpp_2m" }),
  SamplerEulerAncestral: () => noisy,
  SamplerEulerAncestralCFGPP: () => noisy,
  SamplerLMS: () => ({ order: 2 }),
  SamplerDPMPP_3M_SDE: () => ({ ...noisy, noise_device: "cpu" }),
  SamplerDPMPP_2M_SDE: () => ({ ...noisy, solver_type: "heun", noise_device: "gpu" }),
  SamplerDPMPP_SDE: () => ({ ...noisy, r: 0.4, noise_device: "cpu" }),
  SamplerDPMPP_2S_Ancestral: () => noisy,
  SamplerDPMAdaptative: () => ({
    ...noisy,
    order: 2,
    rtol: 0.1,
    atol: 0.01,
    h_init: 0.1,
    pcoeff: 0,
    icoeff: 1,
    dcoeff: 0,
    accept_safety: 0.8,
  }),
  SamplerER_SDE: () => ({ ...noisy, solver_type: "Reverse-time SDE", max_stage: 2 }),
  SamplerSEEDS2: () => ({ ...noisy, solver_type: "phi_2", r: 0.5 }),
  BasicScheduler: () => ({ ...models, scheduler: "normal", steps: 5, denoise: 0.5 }),
  KarrasScheduler: () => ({ steps: 5, ...levels, rho: 7 }),
  ExponentialScheduler: () => ({ steps: 5, ...levels }),
  PolyexponentialScheduler: () => ({ steps: 5, ...levels, rho: 2 }),
  LaplaceScheduler: () => ({ steps: 5, ...levels, mu: 0, beta: 0.5 }),
  VPScheduler: () => ({ steps: 5, beta_d: 19.9, beta_min: 0.1, eps_s: 0.001 }),
  BetaSamplingScheduler: () => ({ ...models, steps: 5, alpha: 0.6, beta: 0.7 }),
  SDTurboScheduler: () => ({ ...models, steps: 2, denoise: 1 }),
  AlignYourStepsScheduler: () => ({ model_type: "SDXL", steps: 7, denoise: 0.5 }),
  SplitSigmas: () => ({ ...custom, step: 1 }),
  SplitSigmasDenoise: () => ({ ...custom, denoise: 0.5 }),
  FlipSigmas: () => custom,
  SetFirstSigma: () => ({ ...custom, sigma: 20 }),
  ExtendIntermediateSigmas: () => ({ ...custom, steps: 3, start_at_sigma: -1, end_at_sigma: 1, spacing: "cosine" }),
  SamplingPercentToSigma: () => ({ ...models, sampling_percent: 0, return_actual_sigma: true }),
  ManualSigmas: () => ({ sigmas: "3, 1.5 .2 0" }),
  CFGGuider: () => ({ ...models, cfg: 3 }),
  DualCFGGuider: () => {
    const { model, positive, negative } = models;
    return { model, cond1: positive, cond2: negative, negative, cfg_conds: 3, cfg_cond2_negative: 2, style: "nested" };
  },
  BasicGuider: () => ({ ...models, conditioning: models["positive"] }),
  PerpNegGuider: () => ({ ...models, empty_conditioning: models["negative"], cfg: 3, neg_scale: 0.5 }),
  RandomNoise: () => ({ noise_seed: 2n ** 63n }),
  DisableNoise: () => ({}),
  EmptyLatentImage: () => ({ ...size, batch_size: 2 }),
  VAEDecode: () => ({ ...models, samples: latent }),
  VAEEncode: () => ({ ...models, pixels: image }),
  VAEEncodeForInpaint: () => ({ ...models, pixels: image, mask, grow_mask_by: 6 }),
  LatentUpscale: () => ({ samples: latent, upscale_method: "bislerp", width: 96, height: 0, crop: "disabled" }),
  LatentUpscaleBy: () => ({ samples: latent, upscale_method: "bicubic", scale_by: 1.5 }),
  SetLatentNoiseMask: () => ({ samples: latent, mask }),
  LatentComposite: () => ({ samples_to: latent, samples_from: small, x: 8, y: 16, feather: 8 }),
  LatentCompositeMasked: () => ({ destination: latent, source: small, x: 8, y: 16, resize_source: false, mask }),
  LatentBlend: () => ({ samples1: latent, samples2: small, blend_factor: 0.3 }),
  LatentRotate: () => ({ samples: small, rotation: "90 degrees" }),
  LatentFlip: () => ({ samples: small, flip_method: "y-axis: horizontally" }),
  LatentCrop: () => ({ samples: latent, width: 64, height: 64, x: 8, y: 8 }),
  LatentBatch: () => ({ samples1: latent, samples2: small }),
  LatentAdd: () => ({ samples1: latent, samples2: small }),
  LatentSubtract: () => ({ samples1: latent, samples2: small }),
  LatentMultiply: () => ({ samples: latent, multiplier: -0.5 }),
  LatentInterpolate: () => ({ samples1: latent, samples2: small, ratio: 0.3 }),
  LatentConcat: () => ({ samples1: latent, samples2: latent, dim: "-x" }),
  LatentCut: () => ({ samples: latent, dim: "y", index: -3, amount: 2 }),
  LatentCutToBatch: () => ({ samples: latent, dim: "x", slice_size: 3 }),
  LatentBatchSeedBehavior: () => ({ samples: latent, seed_behavior: "fixed" }),
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
  ImageScaleToTotalPixels: () => ({ image, upscale_method: "area", megapixels: 0.01, resolution_steps: 8 }),
  ImageScaleToMaxDimension: () => ({ image, upscale_method: "bilinear", largest_size: 40 }),
  GetImageSize: () => ({ image }),
  ImageBatch: () => ({ image1: image, image2: rgba }),
  RepeatImageBatch: () => ({ image, amount: 2 }),
  ImageFromBatch: () => ({ image, batch_index: -1, length: 2 }),
  ImageCrop: () => ({ image, ...size, x: 60, y: 3 }),
  ImageFlip: () => ({ image, flip_method: "x-axis: vertically" }),
  ImageRotate: () => ({ image, rotation: "270 degrees" }),
  ImagePadForOutpaint: () => ({ image, left: 8, top: 0, right: 16, bottom: 8, feathering: 10 }),
  ImageStitch: () => ({
    image1: image,
    image2: rgba,
    direction: "left",
    match_image_size: false,
    spacing_width: 3,
    spacing_color: "red",
  }),
  ResizeAndPadImage: () => ({ image, target_width: 30, target_height: 50, padding_color: "white", interpolation: "lanczos" }),
  ImageCompositeMasked: () => ({ destination: image, source: rgba, x: 60, y: 10, resize_source: false, mask }),
  JoinImageWithAlpha: () => ({ image, alpha: mask }),
  SplitImageWithAlpha: () => ({ image: rgba }),
  PorterDuffImageComposite: () => ({
    source: image,
    source_alpha: mask,
    destination: image,
    destination_alpha: mask,
    mode: "OVERLAY",
  }),
  ImageAddNoise: () => ({ image, seed: 2n ** 63n, strength: 0.3 }),
  ImageBlend: () => ({ image1: image, image2: rgba, blend_factor: 0.3, blend_mode: "soft_light" }),
  ImageBlur: () => ({ image, blur_radius: 3, sigma: 0.5 }),
  ImageQuantize: () => ({ image, colors: 5, dither: "bayer-8" }),
  ImageSharpen: () => ({ image, sharpen_radius: 2, sigma: 1, alpha: 0.2 }),
  Morphology: () => ({ image, operation: "gradient", kernel_size: 4 }),
  ImageRGBToYUV: () => ({ image }),
  ImageYUVToRGB: () => ({ Y: image, U: image, V: image }),
  ImageInvert: () => ({ image }),
  MaskToImage: () => ({ mask }),
  ImageToMask: () => ({ image: rgba, channel: "alpha" }),
  ImageColorToMask: () => ({ image, color: 255 }),
  CropMask: () => ({ mask, x: 5, y: 6, width: 40, height: 3 }),
  MaskComposite: () => ({ destination: mask, source: mask, x: 3, y: 4, operation: "xor" }),
  FeatherMask: () => ({ mask, left: 3, top: 40, right: 5, bottom: 0 }),
  GrowMask: () => ({ mask, expand: -2, tapered_corners: true }),
  ThresholdMask: () => ({ mask, value: 0.5 }),
  MaskPreview: () => ({ mask }),
  InvertMask: () => ({ mask }),
  SolidMask: () => ({ value: 0.3, ...size }),
  PrimitiveInt: () => ({ value: 2n ** 62n }),
  PrimitiveFloat: () => ({ value: 0.5 }),
  PrimitiveString: () => ({ value: "a" }),
  PrimitiveStringMultiline: () => ({ value: "a\nb" }),
  PrimitiveBoolean: () => ({ value: true }),
  ComfyNotNode: () => ({ value: [] }),
  ComfyNumberConvert: () => ({ value: "1.5" }),
  StringConcatenate: () => ({ string_a: "a", string_b: "b", delimiter: ", " }),
  StringSubstring: () => ({ string: "abc", start: 1, end: -1 }),
  StringLength: () => ({ string: "abc" }),
  CaseConverter: () => ({ string: "abc", mode: "Title Case" }),
  StringTrim: () => ({ string: " abc ", mode: "Both" }),
  StringReplace: () => ({ string: "abc", find: "b", replace: "$&" }),
  StringContains: () => ({ string: "abc", substring: "B", case_sensitive: false }),
  StringCompare: () => ({ string_a: "abc", string_b: "c", mode: "Ends With", case_sensitive: true }),
  RegexMatch: () => ({ ...search, regex_pattern: "b" }),
  RegexExtract: () => ({ ...search, regex_pattern: "(b)", mode: "First Group", group_index: 1 }),
  RegexReplace: () => ({ string: "abc", regex_pattern: "(?P<x>b)", replace: "\\g<x>" }),
  JsonExtractString: () => ({ json_string: '{"a": 1}', key: "a" }),
};
const custom = { sampler: samplers.euler, sigmas: Float32Array.of(5, 1, 0) };
const noisy = { eta: 0.5, s_noise: 0.9 };
const levels = { sigma_max: 14, sigma_min: 0.1 };
const sampling = { steps: 2, cfg: 3, sampler_name: "euler_ancestral", scheduler: "karras" };
const search = { string: "abc", case_insensitive: true, multiline: false, dotall: false };
const advanced = { noise_seed: 7, add_noise: "enable", start_at_step: 0, end_at_step: 1, return_with_leftover_noise: "enable" };

/** Whether a value is what travels on a wire of its type. */
const isValid: Record<ValueType, (value: never) => boolean> = {
  MODEL: (value: { predict?: unknown }) => typeof value.predict === "function",
  CLIP: (value: { encode?: unknown }) => typeof value.encode === "function",
  VAE: (value: { decode?: unknown }) => typeof value.decode === "function",
  CONDITIONING: (value: Conditioning) => value.every(({ tokens }) => tokens.data.length === product(tokens.shape)),
  SAMPLER: (value: { sample?: unknown }) => typeof value.sample === "function",
  SIGMAS: (value: unknown) => value instanceof Float32Array,
  GUIDER: (value: { guide?: unknown }) => typeof value.guide === "function",
  NOISE: ({ seed }: { seed?: unknown }) => typeof seed === "bigint",
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
  if (typeof value === "function") return "a function";
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

  it.each(nodes.filter(({ inputs }) => Object.keys(inputs).length > 0).map((node) => [node.type, node] as const))(
    "%s names an input that is missing",
    async (_, node) => {
      await expect(node.run({}, context)).rejects.toMatchObject({ code: "NODE_INPUT_MISSING" });
    },
  );
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
