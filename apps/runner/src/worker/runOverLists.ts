import type { Node, NodeContext } from "@patchbay/nodes";

/**
 * Runs a node on inputs that are lists: once for each item of the longest, shorter ones repeat their last item. Returns, by output slot, the
 * list of values; an output that is itself a list is laid end to end. An empty list among the inputs gives empty outputs.
 */
export async function runOverLists(
  node: Node,
  inputs: Readonly<Record<string, readonly unknown[]>>,
  context: NodeContext,
): Promise<unknown[][]> {
  const lengths = Object.values(inputs).map((values) => values.length);
  const count = lengths.includes(0) ? 0 : Math.max(1, ...lengths);
  const outputs: unknown[][] = node.outputs.map(() => []);
  for (let i = 0; i < count; i++) {
    context.signal.throwIfAborted();
    const values = await node.run(
      Object.fromEntries(Object.entries(inputs).map(([name, list]) => [name, list[Math.min(i, list.length - 1)]])),
      context,
    );
    node.outputs.forEach(({ isList }, slot) => {
      if (isList) outputs[slot]!.push(...(values[slot] as readonly unknown[]));
      else outputs[slot]!.push(values[slot]);
    });
  }
  return outputs;
}
