import type { Operation } from "./operationTypes.js";

/**
 * Leaves out operations that a later one of the list overwrites, so that a merged history entry (a prompt typed letter by letter) does not keep
 * every state in between. Applying the result equals applying the list: operations say what becomes of a thing, whatever it was before.
 */
export function compactOperations(operations: readonly Operation[]): Operation[] {
  const kept: Operation[] = [];
  const overwritten = new Set<string>();
  for (let i = operations.length - 1; i >= 0; i--) {
    const operation = operations[i] as Operation;
    const slot = slotOf(operation);
    if (slot !== undefined && overwritten.has(slot)) continue;
    if (slot !== undefined && !takesAway(operation)) overwritten.add(slot);
    kept.push(operation);
  }
  return kept.reverse();
}

/** Taking an entry away leaves its record, which one that is left out may have made. */
function takesAway(operation: Operation): boolean {
  return (
    (operation.kind === "setFlag" && operation.value === undefined) || (operation.kind === "setControl" && operation.control === undefined)
  );
}

/** What an operation sets, if setting is all it does. */
function slotOf(operation: Operation): string | undefined {
  switch (operation.kind) {
    case "setInput":
    case "setControl":
      return JSON.stringify([operation.kind, operation.node, operation.name]);
    case "setFlag":
      return JSON.stringify([operation.kind, operation.node, operation.flag]);
    case "resizeNode":
    case "setTitle":
    case "setMode":
    case "setColor":
    case "setPromoted":
      return JSON.stringify([operation.kind, operation.node]);
    case "setEdge":
    case "setSubgraph":
      return JSON.stringify([operation.kind, operation.id]);
    case "setFrame":
    case "setReroute":
      return JSON.stringify([operation.kind, operation.id, Object.keys(operation.patch).sort()]);
    case "moveNodes":
      return JSON.stringify([operation.kind, Object.keys(operation.positions).sort()]);
    case "setGraphTitle":
      return operation.kind;
    default:
      return undefined;
  }
}

const sizes = new WeakMap<object, number>();

/**
 * About how many bytes a value holds on the heap: 2 a character, 8 a number, 24 a BigInt, 48 an object and 16 an entry.
 * Objects are measured once: values of a document do not change.
 */
export function estimateBytes(value: unknown): number {
  switch (typeof value) {
    case "string":
      return 16 + 2 * value.length;
    case "bigint":
      return 24;
    case "object":
      return value === null ? 8 : objectBytes(value);
    default:
      return 8;
  }
}

function objectBytes(value: object): number {
  const known = sizes.get(value);
  if (known !== undefined) return known;
  let bytes = 48;
  // Keys are shared by objects of one shape, so their text is not counted.
  for (const item of Object.values(value)) bytes += 16 + estimateBytes(item);
  sizes.set(value, bytes);
  return bytes;
}
