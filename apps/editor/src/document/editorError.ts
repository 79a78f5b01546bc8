/** Every code an `EditorError` can carry, with one line on what it means. */
export const editorErrorCodes = {
  EDITOR_ID_UNKNOWN: "A change of a node, edge, frame, reroute point or subgraph that the graph does not have.",
  EDITOR_ID_TAKEN: "Something added under an id that the graph already uses.",
  EDITOR_NODE_TYPE_UNKNOWN: "A node added whose type is neither in the catalog nor a subgraph of the graph.",
  EDITOR_CONNECTION_INVALID: "A wire between ports that do not fit, are not there, or would close a circle.",
  EDITOR_VALUE_INVALID: "A value that its field cannot hold.",
  EDITOR_CLIPBOARD_INVALID: "Pasted text that holds no nodes in any format known here.",
  EDITOR_DRAFT_NOT_SAVED: "The browser did not store a draft; it is tried again.",
  EDITOR_DRAFTS_UNAVAILABLE: "The browser's database of drafts cannot be opened or read.",
} as const;

export type EditorErrorCode = keyof typeof editorErrorCodes;

/** The error type of the editor's document half. The message says what was tried, quotes the value and says what would be right. */
export class EditorError extends Error {
  readonly code: EditorErrorCode;

  constructor(code: EditorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "EditorError";
    this.code = code;
  }
}
