/** What one of React Flow's nodes stands for, by the id it has in the document. */
export interface FlowPart {
  readonly kind: "node" | "frame" | "reroute";
  readonly id: string;
}

/** The id by which React Flow knows a frame or a reroute point; cards keep their own. */
export function flowId(kind: "frame" | "reroute", id: string): string {
  return `${kind}:${id}`;
}

/** What a React Flow id stands for: the inverse of `flowId`. */
export function flowPart(flow: string): FlowPart {
  const match = /^(frame|reroute):(.+)$/s.exec(flow);
  return match ? { kind: match[1] as "frame" | "reroute", id: match[2]! } : { kind: "node", id: flow };
}
