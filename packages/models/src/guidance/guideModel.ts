import { availableMemory, EngineError, type RunOptions } from "@patchbay/engine";
import type { DiffusionModel } from "../pipeline/diffusionModel.js";
import type { FloatTensor } from "../pipeline/floatTensor.js";
import { cropPlanes } from "../resample/index.js";
import {
  averageConditions,
  isActive,
  matchAreas,
  usesNegative,
  visibleArea,
  type Area,
  type Condition,
  type GuidedModel,
  type LatentShape,
} from "../sampling/index.js";
import type { Conditioning } from "./conditioning.js";
import { plainGuidance } from "./guidanceRule.js";
import { placeConditioning } from "./placeConditioning.js";

export interface GuidanceOptions {
  readonly model: Pick<DiffusionModel, "definition" | "sampling" | "predict" | "forecast"> & Partial<Pick<DiffusionModel, "guidance">>;
  readonly positive: Conditioning;
  readonly negative: Conditioning;
  /** Classifier-free guidance (Ho & Salimans 2022): 1 leaves the negative side out. */
  readonly cfg: number;
  /** Of the latents to come: [N, C, H, W]. */
  readonly shape: LatentShape;
  readonly run?: Pick<RunOptions, "signal" | "memoryLimit">;
}

type Side = "positive" | "negative";

/** One evaluation: a prompt on its part of the latent. */
interface Job {
  readonly side: Side;
  readonly tokens: FloatTensor;
  readonly area: Area;
}

/**
 * A model under guidance: D = D⁻ + cfg · (D⁺ - D⁻), where each side is the average of its entries' predictions, weighted by strength, mask
 * and area. Where no entry of a side counts, its D is 0. Two prompts of one length go through the network together.
 *
 * @throws MODEL_CONDITIONING when a prompt was encoded for another model, or a side is empty
 */
export function guideModel(options: GuidanceOptions): GuidedModel {
  const { model, cfg, shape } = options;
  expectConditioning(options);
  const [, , height, width] = shape;
  const place = (entries: Conditioning): Condition<FloatTensor>[] => placeConditioning(entries, height, width, model.sampling);
  const conditions = matchAreas(place(options.positive), place(options.negative));

  const evaluate = async (x: Float32Array, sigma: number, sides: readonly Side[]): Promise<Record<Side, Float32Array>> => {
    const jobs = sides.flatMap((side) => jobsOf(side, conditions[side], sigma, height, width));
    const predictions = new Map<Job, Float32Array>();
    for (const group of await groupJobs(jobs, options)) {
      const results = await predictGroup(group, x, sigma, options);
      group.forEach((job, i) => predictions.set(job, results[i]!));
    }
    const average = async (side: Side): Promise<Float32Array> => {
      if (!sides.includes(side)) return new Float32Array(0);
      const waiting = jobs.filter((job) => job.side === side);
      return averageConditions(conditions[side], x, shape, sigma, async () => Promise.resolve(predictions.get(waiting.shift()!)!));
    };
    return { positive: await average("positive"), negative: await average("negative") };
  };

  const rule = model.guidance ?? plainGuidance;
  return {
    async denoise(x, sigma) {
      if (!usesNegative(cfg)) return (await evaluate(x, sigma, ["positive"])).positive;
      const sides = await evaluate(x, sigma, ["positive", "negative"]);
      return rule({ ...sides, x, shape, sigma, cfg });
    },
    async denoiseGuided(x, sigma) {
      const sides = await evaluate(x, sigma, ["positive", "negative"]);
      return { denoised: usesNegative(cfg) ? rule({ ...sides, x, shape, sigma, cfg }) : sides.positive, unconditional: sides.negative };
    },
  };
}

function expectConditioning({ model, positive, negative }: GuidanceOptions): void {
  const width = model.definition.contextWidth;
  for (const [side, entries] of Object.entries({ positive, negative })) {
    if (entries.length === 0) throw new EngineError("MODEL_CONDITIONING", `could not sample: the ${side} conditioning has no entry`);
    for (const { tokens } of entries) {
      if (tokens.shape.length === 3 && tokens.shape[0] === 1 && tokens.shape[2] === width) continue;
      throw new EngineError(
        "MODEL_CONDITIONING",
        `could not sample: the ${side} conditioning is [${tokens.shape.join(", ")}], this model reads [1, tokens, ${width}] (is the text encoder another model's?)`,
      );
    }
  }
}

/** In the order and with the choice of averageConditions, which asks for their results one by one. */
function jobsOf(side: Side, conditions: readonly Condition<FloatTensor>[], sigma: number, height: number, width: number): Job[] {
  return conditions.flatMap((condition) => {
    const area = visibleArea(condition, height, width);
    return area && isActive(condition, sigma) ? [{ side, tokens: condition.prompt, area }] : [];
  });
}

/** Pairs of jobs that can share a run, if memory allows: prompts of one length over parts of one size. */
async function groupJobs(jobs: readonly Job[], options: GuidanceOptions): Promise<Job[][]> {
  const groups: Job[][] = [];
  for (const job of jobs) {
    const open = groups.find(([other, second]) => !second && goTogether(other!, job));
    if (open && (await fitsTogether(job, options))) open.push(job);
    else groups.push([job]);
  }
  return groups;
}

function goTogether(a: Job, b: Job): boolean {
  return a.tokens.shape[1] === b.tokens.shape[1] && a.area.height === b.area.height && a.area.width === b.area.width;
}

async function fitsTogether({ tokens, area }: Job, { model, shape: [batch, channels], run }: GuidanceOptions): Promise<boolean> {
  const shape = [batch * 2, channels, area.height, area.width];
  const data = new Float32Array(0);
  const context = { data, shape: [batch * 2, ...tokens.shape.slice(1)] };
  return (await model.forecast({ x: { data, shape }, timestep: 0, context })) <= (run?.memoryLimit ?? availableMemory());
}

/** The clean latents of each job's part: one run of the network over all of them. */
async function predictGroup(group: readonly Job[], x: Float32Array, sigma: number, options: GuidanceOptions): Promise<Float32Array[]> {
  const { model, shape, run = {} } = options;
  const { sampling } = model;
  const [batch, channels, latentHeight, latentWidth] = shape;
  const { height, width } = group[0]!.area;
  const whole = height === latentHeight && width === latentWidth;
  const parts = group.map(({ area }) => (whole ? x : cropPlanes({ data: x, shape }, area.x, area.y, width, height).data));
  const input = join(parts.map((part) => sampling.calculateInput(sigma, part)));
  const context = join(group.flatMap(({ tokens }) => new Array<Float32Array>(batch).fill(tokens.data)));
  const count = group.length * batch;
  const { data } = await model.predict(
    {
      x: { data: input, shape: [count, channels, height, width] },
      timestep: sampling.timestep(sigma),
      context: { data: context, shape: [count, ...group[0]!.tokens.shape.slice(1)] },
    },
    run,
  );
  const size = data.length / group.length;
  return parts.map((part, i) => sampling.calculateDenoised(sigma, data.slice(i * size, (i + 1) * size), part));
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
