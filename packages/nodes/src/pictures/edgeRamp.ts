/**
 * Factors along an axis that rise from its ends to 1: 1/before, 2/before … over the first places, and the same from the other end. Where both
 * reach they multiply.
 */
export function edgeRamp(length: number, before: number, after: number): Float32Array {
  const rise = (distance: number, over: number): number => (distance < over ? (distance + 1) / over : 1);
  return Float32Array.from({ length }, (_, i) => rise(i, before) * rise(length - 1 - i, after));
}
