import { EngineError } from "@patchbay/engine";
import { TorchGenerator } from "./torchGenerator.js";

/** Batch places beyond this are refused: every place up to the largest one is drawn. */
const MAX_BATCH_INDEX = 1 << 20;

/**
 * The noise a run starts from: `torch.manual_seed(seed)`, then one draw for the whole batch, so item k isn't the noise of seed + k.
 *
 * @param shape of the latent, batch first, e.g. [N, C, H, W]
 * @param batchIndex for a latent that was taken out of a larger batch: each item's place there (N integers ≥ 0). Each place is then a
 * draw of its own, as ComfyUI does, and places that aren't wanted are drawn and dropped.
 * @returns fp32 in the order of `shape`
 * @throws MODEL_SEED_RANGE, MODEL_BATCH_INDEX
 */
export function initialNoise(seed: bigint, shape: readonly number[], batchIndex?: readonly number[]): Float32Array {
  const generator = new TorchGenerator(seed);
  const count = shape.reduce((product, size) => product * size, 1);
  if (batchIndex === undefined) return generator.randn(count);
  const batch = shape[0] ?? 0;
  if (batchIndex.length !== batch || batchIndex.some((place) => !Number.isInteger(place) || place < 0 || place > MAX_BATCH_INDEX))
    throw new EngineError(
      "MODEL_BATCH_INDEX",
      `Cannot draw noise for the batch places [${batchIndex.slice(0, 8).join(", ")}]: there must be ${batch} integers from 0 to ${MAX_BATCH_INDEX}, one for each latent.`,
    );
  const perItem = batch === 0 ? 0 : count / batch;
  const out = new Float32Array(count);
  const last = Math.max(-1, ...batchIndex);
  for (let place = 0; place <= last; place++) {
    const item = generator.randn(perItem);
    batchIndex.forEach((wanted, k) => {
      if (wanted === place) out.set(item, k * perItem);
    });
  }
  return out;
}
