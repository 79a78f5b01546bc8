/** Bounds on every graph that is read, whatever its format. */
export interface GraphLimits {
  /** Bytes of JSON text. */
  readonly maxBytes: number;
  /** Nesting of JSON arrays and objects. */
  readonly maxDepth: number;
  /** Nodes, counted after subgraphs are expanded. */
  readonly maxNodes: number;
  /** Links, counted after subgraphs are expanded. */
  readonly maxLinks: number;
  /** Nesting of subgraph instances. */
  readonly maxSubgraphDepth: number;
}

export const defaultLimits: GraphLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 512,
  maxNodes: 150_000,
  maxLinks: 500_000,
  maxSubgraphDepth: 64,
};
