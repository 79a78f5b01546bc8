/**
 * A part of a model that holds memory outside of the language's heap: plans with their arenas, weights that are no mapped file. Values on wires
 * share parts (a LoRA's model has its base's weights); who keeps several values counts the users of each part and disposes of it after the last.
 * A part that is asked again after that makes anew what it needs.
 */
export interface Holding {
  /** Bytes it holds now; 0 before it is first used. */
  readonly bytes: number;
  dispose(): void;
}
