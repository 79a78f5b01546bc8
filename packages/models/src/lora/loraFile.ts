import { openWeights } from "../weights/shardedFiles.js";
import type { WeightStore } from "../weights/weightStore.js";

/** One module's low-rank update as a file names it: tensor names of its factors. */
export interface LoraModule {
  readonly up: string;
  readonly down: string;
  /** The kernel of a decomposed convolution (LoCon's "cp" or Tucker form). */
  readonly mid: string | undefined;
  /** Scales the update by alpha / rank; without one it is taken as it is. */
  readonly alpha: number | undefined;
}

/** A LoRA file, read as far as its names: modules by the name the file gives them, without what tells the factors apart. */
export interface LoraFile {
  readonly path: string;
  readonly store: WeightStore;
  readonly modules: ReadonlyMap<string, LoraModule>;
  /** Tensors that belong to no low-rank update (other kinds of adapters, or an update with a part missing). */
  readonly unread: readonly string[];
}

type Part = "up" | "down" | "mid" | "alpha" | "other";

/** How trainers end the names of the factors: kohya, diffusers' attention processors, diffusers since 0.20, older text encoders', PEFT. */
const FACTOR =
  /^(.+?)(?:\.lora_(up|down|mid)|_lora\.(up|down)|\.lora\.(up|down)|\.lora_linear_layer\.(up|down)|\.lora_([AB])(?:\.default)?)(?:\.weight)?$/;

/** What changes the meaning of an update, so that it can't be applied without it. */
const MODIFIER = /^(.+)\.(dora_scale|lora_magnitude_vector(?:\.default)?(?:\.weight)?|reshape_weight|bias|lora_[AB]\.bias)$/;

/**
 * Reads which modules a LoRA file updates, whoever wrote it: kohya's names, diffusers' or PEFT's, convolutions too (LoCon). Nothing but small
 * scalars is read of the tensors.
 * @throws WEIGHTS_* of a file that is damaged
 */
export async function readLora(path: string): Promise<LoraFile> {
  const store = await openWeights(path);
  const parts = new Map<string, Partial<Record<Part, string>>>();
  const unread: string[] = [];
  for (const name of store.names) {
    const place = placeOf(name);
    if (!place) {
      unread.push(name);
      continue;
    }
    const module = parts.get(place.module) ?? {};
    module[place.part] = name;
    parts.set(place.module, module);
  }
  const modules = new Map<string, LoraModule>();
  for (const [module, { up, down, mid, alpha, other }] of parts) {
    if (up !== undefined && down !== undefined && other === undefined) {
      const scale = alpha === undefined ? undefined : (await store.read(alpha))[0];
      modules.set(module, { up, down, mid, alpha: scale });
    } else {
      unread.push(...[up, down, mid, alpha, other].filter((name) => name !== undefined));
    }
  }
  return { path, store, modules, unread };
}

function placeOf(name: string): { module: string; part: Part } | undefined {
  const factor = FACTOR.exec(name);
  if (factor) {
    const [, module = "", ...found] = factor;
    const word = found.find((each) => each !== undefined);
    const part = word === "A" ? "down" : word === "B" ? "up" : (word as Part);
    // Attention processors of diffusers: "to_q_lora.up" is a part of "to_q".
    return { module, part };
  }
  if (name.endsWith(".alpha")) return { module: name.slice(0, -".alpha".length), part: "alpha" };
  const modifier = MODIFIER.exec(name);
  return modifier ? { module: modifier[1]!, part: "other" } : undefined;
}
