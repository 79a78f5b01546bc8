import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { samplers } from "../samplers/index.js";
import { discreteSampling, type ModelSampling } from "../schedules/index.js";
import { lineNetwork } from "../testing/lineNetwork.js";
import { readGoldenTensors, relativeError } from "../testing/goldenTensors.js";
import { runSampling, type LatentShape, type SamplingOptions } from "./runSampling.js";
import type { GuidedModel } from "./sampleSigmas.js";

/** One run of ComfyUI 0.33 (CPU, fp32) around the little network below. */
interface Run {
  readonly name: string;
  readonly sampler: string;
  readonly scheduler: string;
  readonly steps: number;
  readonly model: "eps" | "v" | "v-zsnr";
  readonly cfg: number;
  readonly seed: string;
  readonly latent?: "one" | "two" | "zero2";
  readonly denoise: number;
  readonly mask?: boolean;
  readonly start?: number;
  readonly end?: number;
  readonly fullDenoise?: boolean;
  readonly noNoise?: boolean;
  readonly batchIndex?: number[];
  /** Model calls it took. */
  readonly calls: number;
  /** ‖x‖ and ‖D‖ at each step's callback. */
  readonly norms: [number, number][];
}

const LATENT_SCALE = 0.18215;
const [POSITIVE, NEGATIVE] = [0.5, -0.75];
const tensors = readGoldenTensors(new URL("golden/runs.safetensors", import.meta.url));
const runs = JSON.parse(readFileSync(new URL("golden/runs.json", import.meta.url), "utf8")) as Run[];

const samplings: Record<Run["model"], ModelSampling> = {
  eps: discreteSampling(),
  v: discreteSampling({ predictionType: "v" }),
  "v-zsnr": discreteSampling({ predictionType: "v", zeroTerminalSnr: true }),
};

function guidedNetwork(sampling: ModelSampling, cfg: number, perItem: number, onCall: () => void): GuidedModel {
  const predict = (x: Float32Array, sigma: number, prompt: number): Float32Array =>
    sampling.calculateDenoised(sigma, lineNetwork(sampling.calculateInput(sigma, x), sampling.timestep(sigma), prompt, perItem), x);
  const denoiseGuided: NonNullable<GuidedModel["denoiseGuided"]> = async (x, sigma) => {
    onCall();
    const unconditional = predict(x, sigma, NEGATIVE);
    const conditional = predict(x, sigma, POSITIVE);
    return { unconditional, denoised: conditional.map((value, i) => unconditional[i]! + (value - unconditional[i]!) * cfg) };
  };
  return { denoiseGuided, denoise: async (x, sigma) => (await denoiseGuided(x, sigma)).denoised };
}

function optionsFor(run: Run, onCall: () => void): SamplingOptions {
  const stored = run.latent === "one" || run.latent === "two" ? tensors.get(`latent.${run.latent}`)!.data : undefined;
  const shape: LatentShape = [run.latent?.endsWith("2") || run.latent === "two" ? 2 : 1, 4, 5, 7];
  const sampling = samplings[run.model];
  return {
    sampling,
    model: guidedNetwork(sampling, run.cfg, 140, onCall),
    seed: BigInt(run.seed),
    steps: run.steps,
    sampler: run.sampler,
    scheduler: run.scheduler,
    denoise: run.denoise,
    latent: stored ?? new Float32Array(shape[0] * 140),
    shape,
    latentScale: LATENT_SCALE,
    addNoise: run.noNoise !== true,
    ...(run.batchIndex && { batchIndex: run.batchIndex }),
    ...(run.mask && { noiseMask: { data: tensors.get("mask")!.data, shape: [1, 5, 7] as const } }),
    ...(run.start !== undefined && { startStep: run.start }),
    ...(run.end !== undefined && { endStep: run.end }),
    forceFullDenoise: run.fullDenoise === true,
  };
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/**
 * Where torch's square root, which isn't always the nearest fp32 value, decides: a midpoint exactly between two timesteps, and the difference of
 * two nearly equal squares when an ancestral step goes almost all the way down. A step size that follows an error carries every rounding on.
 */
const SENSITIVE = new Map([
  ["dpm_2_ancestral/normal/6", 2e-3],
  ["dpmpp_2s_ancestral/karras/2", 5e-4],
  ["res_multistep_ancestral/karras/3", 5e-5],
  ["res_multistep_ancestral_cfg_pp/karras/3", 5e-5],
  ["dpmpp_2s_ancestral_cfg_pp/karras/2", 5e-4],
  ["dpm_adaptive/v/sgm_uniform/5", 5e-5],
]);

describe("runSampling", () => {
  it.each(runs.filter((run) => Object.hasOwn(samplers, run.sampler)).map((run) => [run.name, run] as const))("%s", async (name, run) => {
    let calls = 0;
    const denoisedNorms: number[] = [];
    const result = await runSampling({
      ...optionsFor(run, () => calls++),
      onStep: (_index, _total, { denoised }) => denoisedNorms.push(norm(denoised)),
    });
    const error = relativeError(result, tensors.get(name)!.data);
    expect(error).toBeLessThan(SENSITIVE.get(name) ?? 1e-5);
    expect(calls).toBe(run.calls);
    expect(denoisedNorms).toHaveLength(run.norms.length);
    const drift = denoisedNorms.map((value, i) => Math.abs(value / run.norms[i]![1] - 1));
    expect(Math.max(0, ...drift)).toBeLessThan(SENSITIVE.get(name) ?? 1e-5);
  });

  const plain = optionsFor(runs[0]!, () => {});

  it("leaves the latent it was given as it was", async () => {
    const latent = tensors.get("latent.one")!.data;
    const before = latent.slice();
    await runSampling({ ...plain, latent, noiseMask: { data: Float32Array.of(0.5), shape: [1, 1, 1] } });
    expect(latent).toEqual(before);
  });

  it("keeps what a mask of zeros covers", async () => {
    const latent = tensors.get("latent.one")!.data;
    const result = await runSampling({ ...plain, latent, noiseMask: { data: new Float32Array(6), shape: [1, 2, 3] } });
    expect(relativeError(result, latent)).toBeLessThan(1e-6);
  });

  it("gives the same latent for the same seed, another for another", async () => {
    const [first, second, other] = [await runSampling(plain), await runSampling(plain), await runSampling({ ...plain, seed: 1n })];
    expect(first).toEqual(second);
    expect(relativeError(other, first)).toBeGreaterThan(0.1);
  });

  it("stops before the next model call when it is aborted", async () => {
    const controller = new AbortController();
    let calls = 0;
    const run = runSampling({
      ...optionsFor(runs[0]!, () => calls++),
      signal: controller.signal,
      onStep: (index) => {
        if (index === 1) controller.abort(new Error("stop"));
      },
    });
    await expect(run).rejects.toThrow("stop");
    expect(calls).toBe(2);
  });

  it.each([
    ["a shape that isn't the latent's", { shape: [1, 4, 5, 8] as const }, "MODEL_LATENT_SHAPE"],
    ["a mask that isn't its shape", { noiseMask: { data: new Float32Array(5), shape: [1, 2, 3] as const } }, "MODEL_NOISE_MASK"],
    ["an unknown sampler", { sampler: "constructor" }, "MODEL_UNKNOWN_SAMPLER"],
    ["a seed of 65 bits", { seed: 2n ** 64n }, "MODEL_SEED_RANGE"],
    ["step noise for the largest seed", { seed: 2n ** 64n - 1n, sampler: "euler_ancestral" }, "MODEL_SEED_OVERFLOW"],
    [
      "fresh mask noise for the largest seed",
      { seed: 2n ** 64n - 1n, sampler: "ddim", noiseMask: { data: new Float32Array(6), shape: [1, 2, 3] as const } },
      "MODEL_SEED_OVERFLOW",
    ],
    [
      "CFG++ without a negative prediction",
      { sampler: "euler_cfg_pp", model: { denoise: async (x: Float32Array, sigma: number) => plain.model.denoise(x, sigma) } },
      "MODEL_NO_UNCONDITIONAL",
    ],
  ])("refuses %s", async (_, change, code) => {
    await expect(runSampling({ ...plain, ...change })).rejects.toMatchObject({ code });
  });
});
