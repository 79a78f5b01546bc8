import type { Weight } from "@patchbay/engine";
import type { DiffusionModel } from "../pipeline/diffusionModel.js";
import { ChangedWeights, type ModelWeights } from "../pipeline/modelWeights.js";
import type { TextEncoder } from "../pipeline/textEncoder.js";
import type { LoraFile } from "./loraFile.js";
import { loraTargets } from "./loraTargets.js";
import { mergeUpdates, misfit, type WeightUpdate } from "./mergeUpdate.js";

export interface LoraResult {
  readonly model: DiffusionModel | undefined;
  readonly clip: TextEncoder | undefined;
  /** Modules that were applied. */
  readonly applied: number;
  /** Names of the file that nothing was done with, each with why where its name was understood. */
  readonly unused: readonly string[];
}

/**
 * A model and a text encoder with a LoRA's updates. The given ones stay as they are; the new ones share every weight that the file doesn't
 * update, and merge the others when they first run. Strength 0 leaves that part as it is.
 */
export async function applyLora(file: LoraFile, { model, clip, strengthModel, strengthClip }: LoraOptions): Promise<LoraResult> {
  const findTarget = loraTargets(model?.definition, clip?.definition);
  const updates = { model: new Map<string, WeightUpdate[]>(), clip: new Map<string, WeightUpdate[]>() };
  const bases = { model: await model?.weights.get(), clip: await clip?.weights.get() };
  const unused = [...file.unread];
  let applied = 0;
  for (const [name, module] of file.modules) {
    const target = findTarget(name);
    const weight = target && bases[target.part]?.get(target.weight);
    if (!target || !weight) {
      unused.push(name);
      continue;
    }
    const problem = misfit(file, module, weight.shape, target.rows);
    if (problem) {
      unused.push(`${name} (${problem})`);
      continue;
    }
    applied++;
    const strength = target.part === "model" ? strengthModel : strengthClip;
    const list = updates[target.part].get(target.weight) ?? [];
    list.push({ file, module, target, strength });
    updates[target.part].set(target.weight, list);
  }
  const changed = (weights: ModelWeights, part: "model" | "clip"): ModelWeights =>
    new ChangedWeights(weights, async (base) => mergeAll(base, updates[part]));
  return {
    model: model && strengthModel !== 0 && updates.model.size > 0 ? model.withWeights(changed(model.weights, "model")) : model,
    clip: clip && strengthClip !== 0 && updates.clip.size > 0 ? clip.withWeights(changed(clip.weights, "clip")) : clip,
    applied,
    unused,
  };
}

export interface LoraOptions {
  readonly model?: DiffusionModel | undefined;
  readonly clip?: TextEncoder | undefined;
  readonly strengthModel: number;
  readonly strengthClip: number;
}

async function mergeAll(
  base: ReadonlyMap<string, Weight>,
  updates: ReadonlyMap<string, readonly WeightUpdate[]>,
): Promise<ReadonlyMap<string, Weight>> {
  const merged = new Map<string, Weight>();
  for (const [name, list] of updates) merged.set(name, await mergeUpdates(base.get(name)!, list));
  return merged;
}
