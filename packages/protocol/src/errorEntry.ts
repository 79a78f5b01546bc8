/** One error code of Patchbay: what it means, what helps, and how a command that meets it ends. */
export interface ErrorEntry {
  readonly meaning: string;
  readonly remedy: string;
  /** 1: the run failed; 2: the graph or the arguments are not valid; 130: interrupted. */
  readonly exitCode: 1 | 2 | 130;
}
