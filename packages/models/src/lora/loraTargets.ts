import type { DiffusionDefinition, TextDefinition } from "../families/family.js";

/** A matrix (or kernel) that a LoRA module updates: a weight, or some of its rows. */
export interface LoraTarget {
  readonly part: "model" | "clip";
  /** The weight's name within its part. */
  readonly weight: string;
  readonly rows?: { readonly start: number; readonly count: number };
}

/** Finds what a module name of a LoRA file stands for. */
export type FindTarget = (module: string) => LoraTarget | undefined;

/**
 * The targets of a model's parts under every name that trainers give them: `lora_unet_…` and `lora_te_…` (kohya: diffusers' or the original
 * path with underscores), `unet.…` and `text_encoder.…` (diffusers, with or without ".processor"), `diffusion_model.…` (original paths), all
 * of them behind PEFT's `base_model.model.`, and bare paths.
 */
export function loraTargets(diffusion: DiffusionDefinition | undefined, text: TextDefinition | undefined): FindTarget {
  const targets = new Map<string, LoraTarget>();
  for (const [original, diffusers] of diffusion?.moduleNames() ?? []) {
    const target: LoraTarget = { part: "model", weight: `${original}.weight` };
    for (const path of [original, diffusers]) {
      targets.set(path, target);
      targets.set(`lora_unet_${path.replaceAll(".", "_")}`, target);
    }
    targets.set(`unet.${diffusers}`, target);
    targets.set(`diffusion_model.${original}`, target);
  }
  for (const [path, target] of text ? textTargets(text) : []) {
    targets.set(path, target);
    targets.set(`text_encoder.${path}`, target);
    targets.set(`text_encoders.clip_l.transformer.${path}`, target);
    for (const prefix of ["lora_te", "lora_te1"]) targets.set(`${prefix}_${path.replaceAll(".", "_")}`, target);
  }
  return (module) => targets.get(canonical(module));
}

/** Processors of diffusers hold the projections under names of their own. */
function canonical(module: string): string {
  return module
    .replace(/^base_model\.model\./, "")
    .replace(".processor.", ".")
    .replace(/\.to_out$/, ".to_out.0");
}

/** The text encoder's matrices by their names in transformers, which trainers use whatever the file's own are. */
function* textTargets({ config }: TextDefinition): Iterable<readonly [string, LoraTarget]> {
  const { width, naming } = config;
  for (let i = 0; i < config.layers; i++) {
    const path = `text_model.encoder.layers.${i}`;
    const target = (weight: string, rows?: LoraTarget["rows"]): LoraTarget => ({ part: "clip", weight, ...(rows && { rows }) });
    if (naming === "transformers") {
      for (const module of ["self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "mlp.fc1", "mlp.fc2"]) {
        yield [`${path}.${module}`, target(`encoder.layers.${i}.${module}.weight`)];
      }
      continue;
    }
    const block = `transformer.resblocks.${i}`;
    for (const [at, module] of ["q_proj", "k_proj", "v_proj"].entries()) {
      yield [`${path}.self_attn.${module}`, target(`${block}.attn.in_proj_weight`, { start: at * width, count: width })];
    }
    yield [`${path}.self_attn.out_proj`, target(`${block}.attn.out_proj.weight`)];
    yield [`${path}.mlp.fc1`, target(`${block}.mlp.c_fc.weight`)];
    yield [`${path}.mlp.fc2`, target(`${block}.mlp.c_proj.weight`)];
  }
}
