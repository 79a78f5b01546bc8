/** A text with a selection in it. */
export interface TextSelection {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Turns the weight of what is selected, or of the word at the cursor, up or down by `delta`: "(words:1.1)" as ComfyUI's prompts have it; at 1 the
 * brackets go. The selection stays on the words.
 */
export function changeWeight({ text, start, end }: TextSelection, delta: number): TextSelection {
  let [from, to] = start === end ? wordAt(text, start) : [start, end];
  while (from < to && /\s/.test(text[from] ?? "")) from++;
  while (to > from && /\s/.test(text[to - 1] ?? "")) to--;
  if (from === to) return { text, start, end };
  const weighted = /^\((.*):(-?\d+(?:\.\d+)?)\)$/s.exec(text.slice(from, to));
  let words = text.slice(from, to);
  let weight = 1;
  if (weighted) {
    words = weighted[1] ?? "";
    weight = Number(weighted[2]);
  } else {
    const after = /^:(-?\d+(?:\.\d+)?)\)/.exec(text.slice(to));
    if (text[from - 1] === "(" && after) {
      weight = Number(after[1]);
      from--;
      to += after[0].length;
    }
  }
  const next = Math.round((weight + delta) * 100) / 100;
  const plain = next === 1;
  const replaced = plain ? words : `(${words}:${next})`;
  const at = from + (plain ? 0 : 1);
  return { text: text.slice(0, from) + replaced + text.slice(to), start: at, end: at + words.length };
}

function wordAt(text: string, at: number): [number, number] {
  let [from, to] = [at, at];
  while (from > 0 && /[\p{L}\p{N}_'-]/u.test(text[from - 1] ?? "")) from--;
  while (to < text.length && /[\p{L}\p{N}_'-]/u.test(text[to] ?? "")) to++;
  return [from, to];
}
