import { nodeSchema, portKeys, typesMatch } from "@patchbay/graph";
import type { Catalog } from "@patchbay/graph";
import { inputsOfNode, inputLabel } from "../cardPorts/catalogPorts.js";
import { shownType } from "../cardPorts/plainInput.js";
import { defaultValues } from "./addNodeOf.js";

/** A dropped wire. */
export interface DroppedWire {
  /** The type of the port that the wire hangs on. */
  readonly type: string;
  /** The side of the new node that is looked for: "input" for a wire pulled from an output, "output" for one pulled from an input. */
  readonly direction: "input" | "output";
}

export interface FittingNode {
  readonly type: string;
  /** The first port that fits, best one first: the same type before a union or any type, a socket before a field. */
  readonly port: string;
  readonly label: string;
  /** Whether the port has just the wire's type. */
  readonly exact: boolean;
}

interface Port {
  readonly key: string;
  readonly label: string;
  readonly type: string;
  readonly isField: boolean;
}

/**
 * The node types that a dropped wire could go on with: those with a port of just its type first, then those that take it among others, by name
 * within each; nodes marked as deprecated come last. Reroute, and for values PrimitiveNode, are among them.
 */
export function nodesThatFit(catalog: Catalog, { type, direction }: DroppedWire): FittingNode[] {
  const found: { readonly node: FittingNode; readonly rank: number; readonly name: string }[] = [];
  for (const [name, info] of Object.entries(catalog)) {
    const ports = direction === "input" ? freshInputs(catalog, name) : freshOutputs(catalog, name);
    const best = bestPort(ports, type, direction);
    if (!best) continue;
    const exact = best.type === type;
    const node = { type: name, port: best.key, label: best.label, exact };
    found.push({ node, rank: (exact ? 0 : 1) + (info.deprecated ? 2 : 0), name: info.display_name || name });
  }
  found.push({ node: { type: "Reroute", port: "#0", label: "", exact: false }, rank: 1, name: "Reroute" });
  if (direction === "output" && valueTypes.has(type)) {
    found.push({ node: { type: "PrimitiveNode", port: "#0", label: "value", exact: false }, rank: 1, name: "PrimitiveNode" });
  }
  found.sort((a, b) => a.rank - b.rank || collator.compare(a.name, b.name) || (a.node.type < b.node.type ? -1 : 1));
  return found.map(({ node }) => node);
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const valueTypes = new Set(["INT", "FLOAT", "STRING", "BOOLEAN", "COMBO"]);

function bestPort(ports: readonly Port[], type: string, direction: DroppedWire["direction"]): Port | undefined {
  let best: Port | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const port of ports) {
    if (!(direction === "input" ? typesMatch(type, port.type) : typesMatch(port.type, type))) continue;
    const cost = (port.type === type ? 0 : 2) + (port.isField ? 1 : 0);
    if (cost < least) [best, least] = [port, cost];
  }
  return best;
}

/** The inputs of a node as it is added, that take wires. */
function freshInputs(catalog: Catalog, type: string): Port[] {
  const info = catalog[type];
  if (!info) return [];
  const schema = nodeSchema(info);
  const { inputs } = defaultValues(schema);
  return inputsOfNode(schema, { inputs }, () => false)
    .filter(({ kind, spec }) => kind !== "dynamicCombo" && spec["socketless"] !== true)
    .map((input) => ({ key: input.name, label: inputLabel(input), type: shownType(input.type), isField: input.kind !== "link" }));
}

function freshOutputs(catalog: Catalog, type: string): Port[] {
  const info = catalog[type];
  const outputs = info ? nodeSchema(info).outputs : [];
  const keys = portKeys(outputs.map(({ name }) => name));
  return outputs.map((output, i) => ({ key: keys[i] as string, label: output.name, type: shownType(output.type), isField: false }));
}
