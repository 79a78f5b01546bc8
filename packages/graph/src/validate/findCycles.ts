/**
 * The ids of a circle of links, or undefined where there is none. `needs` gives the nodes that a node is linked to. Walks with a stack of
 * its own: a chain of 100 000 nodes is as good as one of 3.
 */
export function findCycle(ids: Iterable<string>, needs: (id: string) => readonly string[]): string[] | undefined {
  const finished = new Set<string>();
  for (const start of ids) {
    if (finished.has(start)) continue;
    const path: string[] = [start];
    const onPath = new Set(path);
    const open = [[...needs(start)]];
    while (path.length > 0) {
      const next = open.at(-1)!.pop();
      if (next === undefined) {
        const done = path.pop()!;
        open.pop();
        onPath.delete(done);
        finished.add(done);
      } else if (onPath.has(next)) {
        return path.slice(path.indexOf(next));
      } else if (!finished.has(next)) {
        path.push(next);
        onPath.add(next);
        open.push([...needs(next)]);
      }
    }
  }
  return undefined;
}
