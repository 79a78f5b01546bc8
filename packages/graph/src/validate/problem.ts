import type { GraphErrorCode } from "../graphError.js";

/** One thing that keeps a graph from being run. */
export interface GraphProblem {
  readonly code: GraphErrorCode;
  /** "nodes.ID", "nodes.ID.inputs.NAME", or "" for the graph as a whole. */
  readonly path: string;
  readonly nodeId: string | null;
  readonly nodeType: string | null;
  readonly input: string | null;
  /** What was found, quoted, and what would be right. */
  readonly message: string;
}

/** The `type` that ComfyUI's own answer to a bad prompt gives to each problem. */
export const comfyErrorTypes: Readonly<Partial<Record<GraphErrorCode, string>>> = {
  GRAPH_NODE_UNKNOWN: "missing_node_type",
  GRAPH_INPUT_MISSING: "required_input_missing",
  GRAPH_LINK_INVALID: "bad_linked_input",
  GRAPH_LINK_TYPE: "return_type_mismatch",
  GRAPH_VALUE_TYPE: "invalid_input_type",
  GRAPH_VALUE_TOO_SMALL: "value_smaller_than_min",
  GRAPH_VALUE_TOO_LARGE: "value_bigger_than_max",
  GRAPH_VALUE_NOT_AN_OPTION: "value_not_in_list",
  GRAPH_CYCLE: "dependency_cycle",
  GRAPH_NO_OUTPUT: "prompt_no_outputs",
};
