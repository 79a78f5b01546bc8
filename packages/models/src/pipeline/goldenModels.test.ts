import { beforeAll, describe, expect, test } from "vitest";
import { combineConditioning, type Conditioning } from "../guidance/index.js";
import { applyLora, readLora } from "../lora/index.js";
import { goldenModel } from "../testing/goldenModels.js";
import { readGoldenTensors, relativeError } from "../testing/goldenTensors.js";
import { loadCheckpoint, readEmbedding, sampleLatent, type Checkpoint } from "./index.js";

const golden = readGoldenTensors(new URL("golden/components.safetensors", import.meta.url));
const expected = (name: string): Float32Array => golden.get(name)!.data;
const CAT = "a photo of a cat, highly detailed";

let sd15: Checkpoint;
let sd21: Checkpoint;
beforeAll(async () => {
  sd15 = await loadCheckpoint(await goldenModel("checkpoints/tiny-sd15.safetensors"));
  sd21 = await loadCheckpoint(await goldenModel("checkpoints/tiny-sd21-v.safetensors"));
}, 120_000);

/** Six steps of euler over the normal schedule, guided by 7.5: what most whole-graph goldens run. */
async function sample(
  { model }: Pick<Checkpoint, "model">,
  [positive, negative]: readonly [Conditioning, Conditioning],
  { seed = 42n, shape = [1, 4, 8, 8] as const }: { seed?: bigint; shape?: readonly [number, number, number, number] } = {},
): Promise<Float32Array> {
  const latent = new Float32Array(shape.reduce((product, size) => product * size, 1));
  return sampleLatent({ model, positive, negative, cfg: 7.5, seed, steps: 6, sampler: "euler", scheduler: "normal", latent, shape });
}

async function encode({ clip }: Pick<Checkpoint, "clip">, text: string): Promise<Conditioning> {
  return clip!.encode(text);
}

describe("the tiny models, against ComfyUI", () => {
  test("families and sizes are read from the tensors", () => {
    expect(sd15.family.id).toBe("sd1");
    expect(sd21.family.id).toBe("sd2");
    expect(sd15.model.sampling.predictionType).toBe("eps");
    expect(sd21.model.sampling.predictionType).toBe("v");
    expect(sd15.model.definition.summary).toMatchObject({ channels: [32, 64, 128], resBlocksPerLevel: [2, 2, 2, 2], contextWidth: 128 });
    expect(sd15.clip!.definition.config).toMatchObject({ naming: "transformers", layers: 12, width: 128, heads: 2 });
    expect(sd21.clip!.definition.config).toMatchObject({ naming: "openClip", layers: 24, width: 128 });
  });

  test("text encoder", async () => {
    const [{ tokens, pooled }] = (await encode(sd15, CAT)) as [Conditioning[number]];
    expect(tokens.shape).toEqual([1, 77, 128]);
    expect(relativeError(tokens.data, expected("clip.cond.pos"))).toBeLessThan(5e-6);
    expect(relativeError(pooled!, expected("clip.pooled.pos"))).toBeLessThan(5e-6);
    expect(relativeError((await encode(sd15, ""))[0]!.tokens.data, expected("clip.cond.empty"))).toBeLessThan(5e-6);
    const skipping = sd15.clip!.withLastLayer(-2);
    expect(relativeError((await skipping.encode(CAT))[0]!.tokens.data, expected("clip.cond.pos.skip-2"))).toBeLessThan(5e-6);
    expect(skipping.withLastLayer(-13).layer).toBe(12);
    expect(skipping.withLastLayer(-12).layer).toBe(1);
  });

  test.each(["tiny-sd15", "tiny-sd21-v"])("UNet of %s at an odd size", async (name) => {
    const { model, clip } = name === "tiny-sd15" ? sd15 : sd21;
    const { sampling } = model;
    const context = (await clip!.encode(CAT))[0]!.tokens;
    const unit = golden.get(`${name}.x.7x9`)!;
    for (const sigma of [14, 1, 0.1]) {
      const x = unit.data.map((value) => value * sigma);
      const scaled = { data: sampling.calculateInput(sigma, x), shape: unit.shape };
      const output = await model.predict({ x: scaled, timestep: sampling.timestep(sigma), context });
      const denoised = sampling.calculateDenoised(sigma, output.data, x);
      expect(relativeError(denoised, expected(`${name}.denoised.7x9.s${sigma}`))).toBeLessThan(1e-5);
    }
  });

  test("autoencoder", async () => {
    const latent = await sd15.vae!.encode(golden.get("vae.image")!);
    expect(relativeError(latent.data, expected("vae.latent"))).toBeLessThan(2e-5);
    const image = await sd15.vae!.decode(golden.get("vae.latent")!);
    expect(image.shape).toEqual([1, 64, 96, 3]);
    expect(relativeError(image.data, expected("vae.decoded"))).toBeLessThan(1e-5);
  });

  test("long prompts with weights", async () => {
    const things = Array.from({ length: 30 }, (_, i) => `thing ${i}`).join(", ");
    const prompts = [await encode(sd15, `(${things}:1.25), end`), await encode(sd15, "blurry, ugly")] as const;
    expect(prompts[0][0]!.tokens.shape[1]).toBe(154);
    expect(relativeError(await sample(sd15, prompts), expected("prompt-longweights.latent.6"))).toBeLessThan(5e-5);
  });

  test("an earlier last layer, and weights", async () => {
    const clip = sd15.clip!.withLastLayer(-2);
    const prompts = [await clip.encode("(a:1.3) [b] ((c)) \\(d\\)"), await clip.encode("blurry, ugly")] as const;
    expect(relativeError(await sample(sd15, prompts), expected("clipskip-2-weights.latent.7"))).toBeLessThan(5e-5);
  });

  test("an area over part of the picture", async () => {
    const [sea] = await encode(sd15, "a deep blue sea with waves");
    const place: Conditioning[number] = { ...sea!, strength: 0.8, area: { unit: "latent", y: 2, x: 4, height: 8, width: 8 } };
    const positive = combineConditioning(await encode(sd15, CAT), [place]);
    const latent = await sample(sd15, [positive, await encode(sd15, "blurry, ugly")], { shape: [1, 4, 12, 16] });
    expect(relativeError(latent, expected("cond-area-overlap.latent.9"))).toBeLessThan(5e-5);
  });

  test("v-prediction", async () => {
    const prompts = [await encode(sd21, CAT), await encode(sd21, "blurry, ugly")] as const;
    expect(relativeError(await sample(sd21, prompts, { seed: 7n }), expected("sd21-euler-normal.latent.7"))).toBeLessThan(5e-5);
  });

  test("LoRA files, one and a stack; the model they are put on stays as it was", async () => {
    const before = await sample(sd15, [await encode(sd15, CAT), await encode(sd15, "blurry, ugly")]);
    const files = await Promise.all(
      ["kohya", "locon", "diffusers"].map(async (name) => readLora(await goldenModel(`loras/tiny-sd15-${name}.safetensors`))),
    );
    const strengths = [
      [0.7, 0.5],
      [-0.4, 1],
      [1, 0.3],
    ] as const;
    let patched: Pick<Checkpoint, "model" | "clip"> = sd15;
    const latents: Float32Array[] = [];
    for (const [i, file] of files.entries()) {
      const [strengthModel, strengthClip] = strengths[i]!;
      const result = await applyLora(file, { ...patched, strengthModel, strengthClip });
      expect(result.unused).toEqual([]);
      patched = { model: result.model!, clip: result.clip };
      latents.push(await sample(patched, [await encode(patched, CAT), await encode(patched, "blurry, ugly")]));
    }
    expect(relativeError(latents[0]!, expected("lora-kohya.latent.7"))).toBeLessThan(5e-5);
    expect(relativeError(latents[2]!, expected("lora-stack.latent.9"))).toBeLessThan(5e-5);
    expect(await sample(sd15, [await encode(sd15, CAT), await encode(sd15, "blurry, ugly")])).toEqual(before);
  });

  test("PEFT's names are known too", async () => {
    const file = await readLora(await goldenModel("loras/tiny-sd15-peft.safetensors"));
    const result = await applyLora(file, { model: sd15.model, clip: sd15.clip, strengthModel: 1, strengthClip: 1 });
    expect([result.applied, result.unused]).toEqual([5, []]);
    expect(result.clip).toBe(sd15.clip);
  });

  test("embeddings stand in for tokens; unknown ones vanish, of another width they are left out", async () => {
    const vectors = await readEmbedding(await goldenModel("embeddings/tiny-emb.safetensors"));
    const wrong = await readEmbedding(await goldenModel("embeddings/tiny-wrong.safetensors"));
    expect(vectors.map(({ length }) => length)).toEqual([128, 128, 128]);
    const asked: string[] = [];
    const loadEmbedding = async (name: string): Promise<Float32Array[] | undefined> => {
      asked.push(name);
      return Promise.resolve({ good: vectors, wrong }[name]);
    };
    const encoded = async (text: string): Promise<Float32Array> => (await sd15.clip!.encode(text, { loadEmbedding }))[0]!.tokens.data;
    const plain = await encoded("a cat");
    expect(await encoded("a cat embedding:nothing")).toEqual(plain);
    expect(await encoded("a cat embedding:wrong")).toEqual(plain);
    expect(relativeError(await encoded("a cat embedding:good"), plain)).toBeGreaterThan(0.05);
    expect(asked).toEqual(["nothing", "wrong", "good"]);
  });
});
