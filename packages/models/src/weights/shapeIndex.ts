/** The names and shapes of a model's tensors: all that detection needs. */
export interface ShapeIndex {
  readonly names: Iterable<string>;
  has(name: string): boolean;
  hasPrefix(prefix: string): boolean;
  /** @throws WEIGHTS_MISSING */
  shape(name: string): readonly number[];
}

/** How many of `prefix.0.`, `prefix.1.`, … there are without a gap. */
export function countChildren(index: ShapeIndex, prefix: string): number {
  let count = 0;
  while (index.hasPrefix(`${prefix}.${count}.`)) count++;
  return count;
}
