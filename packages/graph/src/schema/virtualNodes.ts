/** Node types that exist only in graph files: they never run. */
export type VirtualType = "Reroute" | "PrimitiveNode" | "Note" | "MarkdownNote";

const virtualTypes: ReadonlySet<string> = new Set<VirtualType>(["Reroute", "PrimitiveNode", "Note", "MarkdownNote"]);

/**
 * Whether a type is virtual. `Reroute` passes its one input on; `PrimitiveNode` lends its `value` to the inputs it is linked to;
 * `Note` and `MarkdownNote` hold their `text` and are never linked.
 */
export function isVirtualType(type: string): type is VirtualType {
  return virtualTypes.has(type);
}

/** The name of the input that holds a virtual node's value, if it has one. */
export function virtualValueInput(type: VirtualType): "value" | "text" | undefined {
  if (type === "PrimitiveNode") return "value";
  return type === "Reroute" ? undefined : "text";
}

/** Group nodes of 2024 ("workflow>Name"), which front ends have since replaced by subgraphs. */
export function isLegacyGroupType(type: string): boolean {
  return type.startsWith("workflow/") || type.startsWith("workflow>");
}
