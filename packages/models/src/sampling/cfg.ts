/** Whether guidance at this scale needs the negative prediction: at 1 it has no effect and isn't evaluated. */
export function usesNegative(scale: number): boolean {
  return !(Math.abs(scale - 1) <= 1e-9 * Math.max(Math.abs(scale), 1));
}

/**
 * Classifier-free guidance: negative + (positive - negative) · scale, in fp32. Source: Ho and Salimans 2022 (arXiv 2207.12598).
 * @param positive the clean latent D predicted with the positive prompt
 * @param negative that with the negative prompt, of the same length
 */
export function combineCfg(positive: Float32Array, negative: Float32Array, scale: number): Float32Array {
  return positive.map((value, i) => negative[i]! + Math.fround(Math.fround(value - negative[i]!) * scale));
}
