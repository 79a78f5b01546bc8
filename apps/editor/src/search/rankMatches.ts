/** Something that can be searched for. */
export interface Searchable {
  readonly label: string;
  /** Other words that lead to it. */
  readonly words: string;
  /** How near it is to hand: added to the score, 0 when it is like any other. */
  readonly boost?: number;
}

/**
 * The entries that a query finds, best first: every word of it must be found in the label or the other words. The start of the label counts most,
 * then the start of a word, then anywhere, then letters in their order ("ksa" finds KSamplerAdvanced). An empty query finds all, as they stand.
 */
export function rankMatches<T extends Searchable>(entries: readonly T[], query: string, limit = Infinity): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...entries].sort((a, b) => (b.boost ?? 0) - (a.boost ?? 0)).slice(0, limit);
  const scored: { readonly entry: T; readonly score: number; readonly at: number }[] = [];
  for (const [at, entry] of entries.entries()) {
    let score = entry.boost ?? 0;
    for (const word of words) {
      const found = scoreWord(entry, word);
      if (found === 0) {
        score = -1;
        break;
      }
      score += found;
    }
    if (score >= 0) scored.push({ entry, score, at });
  }
  scored.sort((a, b) => b.score - a.score || a.at - b.at);
  return scored.slice(0, limit).map(({ entry }) => entry);
}

function scoreWord({ label, words }: Searchable, word: string): number {
  const name = label.toLowerCase();
  if (name === word) return 120;
  if (name.startsWith(word)) return 100 - Math.min(20, name.length - word.length) / 2;
  const at = name.indexOf(word);
  if (at > 0)
    return /[^a-z0-9]/.test(name[at - 1] ?? "") || isHump(label, at) ? 80 - at / 10 - Math.min(20, name.length) / 8 : 50 - at / 10;
  const other = words.toLowerCase();
  const otherAt = other.indexOf(word);
  if (otherAt >= 0) return otherAt === 0 || /[^a-z0-9]/.test(other[otherAt - 1] ?? "") ? 40 : 20;
  return word.length > 2 && isSubsequence(word, name) ? 10 : 0;
}

function isHump(label: string, at: number): boolean {
  return /[A-Z]/.test(label[at] ?? "") && /[a-z0-9]/.test(label[at - 1] ?? "");
}

function isSubsequence(word: string, name: string): boolean {
  let at = 0;
  for (const letter of name) if (letter === word[at]) at++;
  return at === word.length;
}
