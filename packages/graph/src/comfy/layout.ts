/** A card's place in a column layout. */
export interface Placed {
  readonly position: [number, number];
}

const columnWidth = 400;
const gap = 40;

/**
 * A layered layout: each node stands one column right of the last node it depends on, columns are filled from the top in order of the ids
 * given. Linear in nodes and links; nodes on a cycle stand as if the link that closes it were not there.
 * @param heights node id → height in canvas units
 * @param links pairs of node ids, from origin to target
 */
export function layeredLayout(heights: ReadonlyMap<string, number>, links: readonly (readonly [string, string])[]): Map<string, Placed> {
  const targets = new Map<string, string[]>();
  const waiting = new Map<string, number>();
  for (const [from, to] of links) {
    if (from === to || !heights.has(from) || !heights.has(to)) continue;
    let list = targets.get(from);
    if (!list) targets.set(from, (list = []));
    list.push(to);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const column = new Map<string, number>();
  const ready = [...heights.keys()].filter((id) => !waiting.has(id));
  for (let i = 0; i < ready.length; i++) {
    const id = ready[i] as string;
    const here = column.get(id) ?? 0;
    for (const target of targets.get(id) ?? []) {
      column.set(target, Math.max(column.get(target) ?? 0, here + 1));
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0) ready.push(target);
    }
  }
  const bottom = new Map<number, number>();
  const placed = new Map<string, Placed>();
  for (const [id, height] of heights) {
    const at = column.get(id) ?? 0;
    const top = bottom.get(at) ?? 0;
    placed.set(id, { position: [at * columnWidth, top] });
    bottom.set(at, top + height + gap);
  }
  return placed;
}
