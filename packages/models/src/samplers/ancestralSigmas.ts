const { fround, sqrt } = Math;

/**
 * Splits a step from one sigma to a lower one: go down to `down` without noise, then add noise of deviation `up`, so that down² + up² = to².
 * `eta` 0 … 1 scales the noise. As k-diffusion's `get_ancestral_step` (MIT) in fp32.
 */
export function ancestralSigmas(from: number, to: number, eta = 1): { readonly down: number; readonly up: number } {
  const from2 = fround(from * from);
  const to2 = fround(to * to);
  const up = Math.min(to, fround(eta * fround(sqrt(fround(fround(to2 * fround(from2 - to2)) / from2)))));
  return { down: fround(sqrt(fround(to2 - fround(up * up)))), up };
}
