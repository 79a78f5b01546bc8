import { EngineError, type RunOptions } from "@patchbay/engine";
import type { DiffusionModel } from "../pipeline/diffusionModel.js";
import type { GuidedModel } from "../sampling/index.js";
import type { Conditioning } from "./conditioning.js";
import { resolveEntries, type Region, type ResolvedEntry } from "./resolveEntries.js";

const { fround } = Math;

export interface GuidanceOptions {
  readonly model: DiffusionModel;
  readonly positive: Conditioning;
  readonly negative: Conditioning;
  /** Classifier-free guidance (Ho & Salimans 2022): 1 leaves the negative side out. */
  readonly cfg: number;
  /** Of the latents to come: [N, C, H, W]. */
  readonly shape: readonly [batch: number, channels: number, height: number, width: number];
  readonly run?: Pick<RunOptions, "signal" | "memoryLimit">;
}

/** One evaluation: an entry of one side on its region. */
interface Job {
  readonly side: "positive" | "negative";
  readonly entry: ResolvedEntry;
}

/**
 * A model under guidance: D = D⁻ + cfg · (D⁺ - D⁻), where each side is the average of its entries' predictions, weighted by strength, mask
 * and area. Where no entry of a side counts, its D is 0.
 *
 * @throws MODEL_CONDITIONING when a prompt was encoded for another model, or a side is empty
 */
export function guideModel(options: GuidanceOptions): GuidedModel {
  const { model, cfg } = options;
  for (const [side, entries] of [
    ["positive", options.positive],
    ["negative", options.negative],
  ] as const) {
    if (entries.length === 0) throw new EngineError("MODEL_CONDITIONING", `could not sample: the ${side} conditioning has no entry`);
    for (const { tokens } of entries) expectFits(tokens.shape, model.definition.contextWidth, side);
  }
  const [, , height, width] = options.shape;
  const resolved = resolveEntries(options.positive, options.negative, { height, width }, model.sampling);
  const single = Math.abs(cfg - 1) <= 1e-9 * Math.max(Math.abs(cfg), 1);

  const evaluate = async (x: Float32Array, sigma: number, sides: readonly Job["side"][]): Promise<Record<Job["side"], Float32Array>> => {
    const jobs = sides.flatMap((side) => resolved[side].filter((entry) => isActive(entry, sigma)).map((entry): Job => ({ side, entry })));
    const averages = { positive: new Average(options.shape), negative: new Average(options.shape) };
    for (const group of await groupJobs(jobs, options)) {
      const predictions = await predictGroup(group, x, sigma, options);
      group.forEach(({ side, entry }, i) => averages[side].add(predictions[i]!, entry));
    }
    return { positive: averages.positive.result(), negative: averages.negative.result() };
  };
  const guide = ({ positive, negative }: Record<Job["side"], Float32Array>): Float32Array =>
    positive.map((value, i) => negative[i]! + fround(fround(value - negative[i]!) * fround(cfg)));

  return {
    denoise: async (x, sigma) =>
      single ? (await evaluate(x, sigma, ["positive"])).positive : guide(await evaluate(x, sigma, ["positive", "negative"])),
    async denoiseGuided(x, sigma) {
      const both = await evaluate(x, sigma, ["positive", "negative"]);
      return { denoised: single ? both.positive : guide(both), unconditional: both.negative };
    },
  };
}

function expectFits(shape: readonly number[], width: number, side: string): void {
  if (shape.length === 3 && shape[2] === width) return;
  throw new EngineError(
    "MODEL_CONDITIONING",
    `could not sample: the ${side} conditioning is [${shape.join(", ")}], this model reads prompts of width ${width} (is the text encoder another model's?)`,
  );
}

function isActive({ highest, lowest }: ResolvedEntry, sigma: number): boolean {
  return sigma <= highest && sigma >= lowest;
}

/** Two jobs over one region with prompts of one length go through the network together, if memory allows. */
async function groupJobs(jobs: readonly Job[], options: GuidanceOptions): Promise<Job[][]> {
  const groups: Job[][] = [];
  for (const job of jobs) {
    const open = groups.find((group) => group.length === 1 && goTogether(group[0]!.entry, job.entry));
    if (open && (await fitsTogether(job.entry, options))) open.push(job);
    else groups.push([job]);
  }
  return groups;
}

function goTogether(a: ResolvedEntry, b: ResolvedEntry): boolean {
  const sizes = (region: Region | undefined): string => (region ? `${region.height}×${region.width}` : "all");
  return a.tokens.shape[1] === b.tokens.shape[1] && sizes(a.region) === sizes(b.region);
}

async function fitsTogether({ tokens, region }: ResolvedEntry, { model, shape, run }: GuidanceOptions): Promise<boolean> {
  if (run?.memoryLimit === undefined) return true;
  const [batch, channels, height, width] = shape;
  const size = [batch * 2, channels, region?.height ?? height, region?.width ?? width];
  const empty = new Float32Array(0);
  const context = { data: empty, shape: [batch * 2, ...tokens.shape.slice(1)] };
  return (await model.forecast({ x: { data: empty, shape: size }, timestep: 0, context })) <= run.memoryLimit;
}

async function predictGroup(group: readonly Job[], x: Float32Array, sigma: number, options: GuidanceOptions): Promise<Float32Array[]> {
  const { model, shape, run = {} } = options;
  const { sampling } = model;
  const [batch, channels] = shape;
  const parts = group.map(({ entry }) => crop(x, shape, entry.region));
  const { height, width } = group[0]!.entry.region ?? { height: shape[2], width: shape[3] };
  const input = {
    data: join(parts.map((part) => sampling.calculateInput(sigma, part))),
    shape: [group.length * batch, channels, height, width],
  };
  const context = {
    data: join(group.flatMap(({ entry }) => new Array<Float32Array>(batch).fill(entry.tokens.data))),
    shape: [group.length * batch, ...group[0]!.entry.tokens.shape.slice(1)],
  };
  const { data } = await model.predict({ x: input, timestep: sampling.timestep(sigma), context }, run);
  const size = data.length / group.length;
  return parts.map((part, i) => sampling.calculateDenoised(sigma, data.slice(i * size, (i + 1) * size), part));
}

/** Σ weight · D / (Σ weight + 1e-37), pixel by pixel. */
class Average {
  readonly #shape: GuidanceOptions["shape"];
  #sum: Float32Array | undefined;
  #weights: Float32Array | undefined;

  constructor(shape: GuidanceOptions["shape"]) {
    this.#shape = shape;
  }

  add(prediction: Float32Array, { region, weight }: ResolvedEntry): void {
    const [batch, channels, height, width] = this.#shape;
    this.#sum ??= new Float32Array(batch * channels * height * width);
    this.#weights ??= new Float32Array(this.#sum.length);
    const { y, x, height: h, width: w } = region ?? { y: 0, x: 0, height, width };
    for (let n = 0; n < batch; n++) {
      const factors = weight?.(n);
      for (let c = 0; c < channels; c++) {
        for (let i = 0; i < h * w; i++) {
          const at = ((n * channels + c) * height + y + Math.floor(i / w)) * width + x + (i % w);
          const factor = factors ? factors[i]! : 1;
          this.#sum[at] = this.#sum[at]! + fround(prediction[(n * channels + c) * h * w + i]! * factor);
          this.#weights[at] = this.#weights[at]! + factor;
        }
      }
    }
  }

  result(): Float32Array {
    const [batch, channels, height, width] = this.#shape;
    const weights = this.#weights;
    return this.#sum ? this.#sum.map((sum, i) => sum / fround(weights![i]! + 1e-37)) : new Float32Array(batch * channels * height * width);
  }
}

function crop(x: Float32Array, [batch, channels, height, width]: GuidanceOptions["shape"], region: Region | undefined): Float32Array {
  if (!region) return x;
  const out = new Float32Array(batch * channels * region.height * region.width);
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let row = 0; row < region.height; row++) {
      const from = (plane * height + region.y + row) * width + region.x;
      out.set(x.subarray(from, from + region.width), (plane * region.height + row) * region.width);
    }
  }
  return out;
}

function join(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
