import { applyLora, readLora, type LoraOptions } from "@patchbay/models";
import type { NodeContext } from "../../nodeContext.js";

/** A model and a text encoder with a LoRA of the folder `loras`; warns of what in it was not applied. @throws FILE_NOT_FOUND, WEIGHTS_* */
export async function withLora(
  name: string,
  options: LoraOptions,
  { models, warn }: Pick<NodeContext, "models" | "warn">,
): Promise<Pick<LoraOptions, "model" | "clip">> {
  const { model, clip, strengthModel, strengthClip } = options;
  if (strengthModel === 0 && strengthClip === 0) return { model, clip };
  const { applied, unused, ...patched } = await applyLora(await readLora(await models.resolve("loras", name)), options);
  if (unused.length > 0) {
    const some = unused.slice(0, 3).join(", ");
    warn(`The LoRA "${name}" was applied to ${applied} modules; not to ${unused.length} (${some}${unused.length > 3 ? ", …" : ""})`);
  }
  return patched;
}
