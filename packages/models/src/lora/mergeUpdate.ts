import { add, EngineError, matmul, Network, Weight } from "@patchbay/engine";
import type { LoraFile, LoraModule } from "./loraFile.js";
import type { LoraTarget } from "./loraTargets.js";

/** An update to one weight. */
export interface WeightUpdate {
  readonly file: LoraFile;
  readonly module: LoraModule;
  readonly target: LoraTarget;
  readonly strength: number;
}

/** base + up · down: one plan for each size, on the engine. */
const merge = new Network("merge LoRA", ({ base, up, down }) => ({ merged: add(base!, matmul(up!, down!)) }));

/**
 * W + Σ strength · alpha / rank · up · down (Hu et al. 2021, arXiv 2106.09685; convolutions flattened to matrices, as LyCORIS' LoCon), in fp32.
 * @returns a new weight in memory, in the shape of the given one
 */
export async function mergeUpdates(weight: Weight, updates: readonly WeightUpdate[]): Promise<Weight> {
  const values = weight.read();
  const [rows = 1] = weight.shape;
  const columns = weight.elements / rows;
  for (const { file, module, target, strength } of updates) {
    const { start, count } = target.rows ?? { start: 0, count: rows };
    const { up, down, rank, storedRank } = await readFactors(file, module, count, columns);
    const scale = strength * (module.alpha === undefined ? 1 : module.alpha / storedRank);
    const part = values.subarray(start * columns, (start + count) * columns);
    const { merged } = await merge.run({
      base: { data: part, shape: [count, columns] },
      up: { data: up.map((value) => value * scale), shape: [count, rank] },
      down: { data: down, shape: [rank, columns] },
    });
    part.set(merged!.data as Float32Array);
  }
  return Weight.inMemory(weight.name, values, "f32", weight.shape);
}

/** Why a module doesn't fit the weight it is for, or undefined when it does. */
export function misfit(
  file: LoraFile,
  { up, down, mid }: LoraModule,
  shape: readonly number[],
  rows: LoraTarget["rows"],
): string | undefined {
  const elements = (name: string): number => file.store.shape(name).reduce((product, size) => product * size, 1);
  const outputs = rows?.count ?? shape[0] ?? 1;
  const columns = shape.slice(1).reduce((product, size) => product * size, 1);
  const rank = file.store.shape(down)[0] ?? 0;
  const upRank = elements(up) / outputs;
  const taps = mid === undefined ? 1 : elements(mid) / (upRank * rank);
  const fits = rank >= 1 && (mid === undefined ? upRank === rank : Number.isInteger(upRank)) && (elements(down) / rank) * taps === columns;
  return fits
    ? undefined
    : `[${file.store.shape(up).join(", ")}] · [${file.store.shape(down).join(", ")}] doesn't make [${shape.join(", ")}]`;
}

/** up [outputs, rank] and down [rank, columns]; the kernel of a decomposed convolution is multiplied into down. */
async function readFactors(file: LoraFile, { up, down, mid }: LoraModule, outputs: number, columns: number) {
  const [upValues, downValues] = [await file.store.read(up), await file.store.read(down)];
  const rank = file.store.shape(down)[0]!;
  if (mid === undefined) return { up: upValues, down: downValues, rank, storedRank: rank };
  const midValues = await file.store.read(mid);
  const upRank = upValues.length / outputs;
  const taps = midValues.length / (upRank * rank);
  const inputs = downValues.length / rank;
  if (inputs * taps !== columns)
    throw new EngineError("MODEL_LORA", `could not merge "${up}": its kernel has another size than the weight's`);
  // kernel[a, i, tap] = Σ_b mid[a, b, tap] · down[b, i]
  const kernel = new Float32Array(upRank * columns);
  for (let a = 0; a < upRank; a++) {
    for (let b = 0; b < rank; b++) {
      for (let i = 0; i < inputs; i++) {
        const factor = downValues[b * inputs + i]!;
        const to = (a * inputs + i) * taps;
        for (let tap = 0; tap < taps; tap++) kernel[to + tap]! += midValues[(a * rank + b) * taps + tap]! * factor;
      }
    }
  }
  return { up: upValues, down: kernel, rank: upRank, storedRank: rank };
}
