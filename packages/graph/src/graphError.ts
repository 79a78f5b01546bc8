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
  GRAPH_NODE_UNKNOWN: "A node of a type that this program does not have.",
  GRAPH_INPUT_MISSING: "A required input that has neither a value nor a link.",
  GRAPH_LINK_INVALID: "A link from a node or an output that is not there.",
  GRAPH_LINK_TYPE: "A link that brings another type than its input takes.",
  GRAPH_VALUE_TYPE: "A value of another type than its input takes.",
  GRAPH_VALUE_TOO_SMALL: "A number below the least that its input takes.",
  GRAPH_VALUE_TOO_LARGE: "A number above the largest that its input takes.",
  GRAPH_VALUE_NOT_AN_OPTION: "A value that is not among its input's options.",
  GRAPH_NO_OUTPUT: "A graph in which nothing saves or shows a result.",
  GRAPH_CYCLE: "Links that run in a circle.",
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
