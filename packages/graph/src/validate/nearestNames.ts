/** How many names are offered, and how many are looked through. */
const OFFERED = 3;
const LOOKED_THROUGH = 5000;

/** The names most like `wanted` (fewest edits, case apart), best first; none that share too little. */
export function nearestNames(wanted: string, names: readonly string[]): string[] {
  const text = wanted.slice(0, 64).toLowerCase();
  return names
    .slice(0, LOOKED_THROUGH)
    .map((name) => ({ name, distance: editDistance(text, name.slice(0, 64).toLowerCase()) }))
    .filter(({ name, distance }) => distance <= Math.max(2, Math.min(text.length, name.length) / 2))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, OFFERED)
    .map(({ name }) => name);
}

/** Levenshtein's distance: insertions, deletions and replacements that turn one text into the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

/** How many comparisons of names one validation may take: 50 000 are about a fifth of a second. */
const COMPARISONS = 50_000;

/** Nearest names for many wanted ones, until too much time would go into it; then none. */
export class NameHints {
  #left = COMPARISONS;

  nearest(wanted: string, names: readonly string[]): string[] {
    const comparisons = Math.min(names.length, LOOKED_THROUGH);
    if (comparisons > this.#left) return [];
    this.#left -= comparisons;
    return nearestNames(wanted, names);
  }
}
