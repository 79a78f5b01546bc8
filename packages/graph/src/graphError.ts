/** Every code a `GraphError` can carry, with one line on what it means. */
export const graphErrorCodes = {
  GRAPH_TOO_LARGE: "More bytes, nodes, links or values than the limits allow.",
  GRAPH_TOO_DEEP: "Nested deeper than the limits allow.",
  GRAPH_TEXT_INVALID: "The bytes are not UTF-8 text.",
  GRAPH_JSON_SYNTAX: "The text is not JSON.",
  GRAPH_JSON_NUMBER: "A number that JSON or a double cannot hold.",
  GRAPH_JSON_UNSERIALIZABLE: "A value that JSON has no form for.",
  GRAPH_FORMAT_UNKNOWN: "JSON or a file that is no graph in any format known here.",
  GRAPH_DOCUMENT_INVALID: "A native document whose structure breaks its schema.",
  GRAPH_DOCUMENT_TOO_NEW: "A native document of a version this build does not know.",
  GRAPH_PROMPT_INVALID: "An API prompt whose structure is broken.",
  GRAPH_WORKFLOW_INVALID: "A UI workflow whose structure is broken.",
  GRAPH_SUBGRAPH_RECURSION: "A subgraph that contains itself.",
  GRAPH_CYCLE: "Links that run in a circle.",
  GRAPH_NOT_VALID: "A graph that was planned or run although it does not validate.",
  GRAPH_TARGET_UNKNOWN: "A node asked for as a target that the graph does not have.",
  GRAPH_PNG_INVALID: "Bytes that break the PNG chunk structure.",
  GRAPH_PNG_NO_GRAPH: "A PNG that carries no graph.",
  GRAPH_DEFLATE_INVALID: "Compressed text that is not a zlib stream.",
  GRAPH_SET_SYNTAX: "An override that is not NODE.INPUT=VALUE.",
  GRAPH_SET_NODE_UNKNOWN: "An override that names no node of the graph.",
  GRAPH_SET_NODE_AMBIGUOUS: "An override whose node name fits several nodes.",
  GRAPH_SET_INPUT_UNKNOWN: "An override of an input the node does not have.",
  GRAPH_SEED_RANGE: "A seed outside 0 to 2^64-1.",
} as const;

export type GraphErrorCode = keyof typeof graphErrorCodes;

/**
 * The one error type of this package. `path` says where: a JSON path ("nodes.5.inputs.seed"), a place in a file
 * ("byte 133") or "" for the whole. The message says what was found, quoted, and what would be right.
 */
export class GraphError extends Error {
  readonly code: GraphErrorCode;
  readonly path: string;

  constructor(code: GraphErrorCode, path: string, message: string) {
    super(message);
    this.name = "GraphError";
    this.code = code;
    this.path = path;
  }
}
