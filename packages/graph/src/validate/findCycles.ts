/**
 * Circles of links, one for each group of nodes that reach one another (a strongly connected component), in the order in which they are
 * found. `needs` gives the nodes that a node is linked to. Tarjan's algorithm with a stack of its own: a chain of 100 000 nodes is as good
 * as one of 3.
 */
export function findCycles(ids: Iterable<string>, needs: (id: string) => readonly string[]): string[][] {
  const numbers = new Map<string, number>();
  // The least number of a node on `grouped` that a node reaches.
  const least = new Map<string, number>();
  const grouped: string[] = [];
  const isGrouped = new Set<string>();
  const cycles: string[][] = [];
  for (const start of ids) {
    const open: { id: string; left: string[] }[] = [];
    const enter = (id: string): void => {
      least.set(id, numbers.size);
      numbers.set(id, numbers.size);
      grouped.push(id);
      isGrouped.add(id);
      open.push({ id, left: [...needs(id)].reverse() });
    };
    if (!numbers.has(start)) enter(start);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const { id, left } = top;
      const next = left.pop();
      if (next !== undefined) {
        if (!numbers.has(next)) enter(next);
        else if (isGrouped.has(next)) least.set(id, Math.min(least.get(id)!, numbers.get(next)!));
        continue;
      }
      open.pop();
      const above = open.at(-1);
      if (above) least.set(above.id, Math.min(least.get(above.id)!, least.get(id)!));
      if (least.get(id) !== numbers.get(id)) continue;
      const group = new Set(grouped.splice(grouped.lastIndexOf(id)));
      for (const member of group) isGrouped.delete(member);
      if (group.size > 1 || needs(id).includes(id)) cycles.push(cycleIn(group, id, needs));
    }
  }
  return cycles;
}

/** A circle through nodes of one group, each of which is linked to another of it. */
function cycleIn(group: ReadonlySet<string>, start: string, needs: (id: string) => readonly string[]): string[] {
  const places = new Map<string, number>();
  const path: string[] = [];
  for (let id = start; ; id = needs(id).find((next) => group.has(next))!) {
    const place = places.get(id);
    if (place !== undefined) return path.slice(place);
    places.set(id, path.length);
    path.push(id);
  }
}
