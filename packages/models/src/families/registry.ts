import { EngineError } from "@patchbay/engine";
import type { ShapeIndex } from "../weights/shapeIndex.js";
import type { ModelFamily } from "./family.js";
import { stableDiffusion1 } from "./stableDiffusion1/stableDiffusion1.js";
import { stableDiffusion2 } from "./stableDiffusion2/stableDiffusion2.js";

/** Every family, in the order in which they are tried. */
export const families: readonly ModelFamily[] = [stableDiffusion1, stableDiffusion2];

/** The family of a diffusion network's tensors. @throws MODEL_UNKNOWN when there is none */
export function detectFamily(diffusion: ShapeIndex, source: string): ModelFamily {
  const family = families.find((each) => each.detect(diffusion));
  if (family) return family;
  const known = families.map(({ title }) => title).join(", ");
  const hint = diffusion.hasPrefix("label_emb.") ? "it looks like SDXL" : "its layout is none of a known family";
  throw new EngineError("MODEL_UNKNOWN", `could not tell what model "${source}" is: ${hint}; supported are ${known}`);
}
