import { isLink, type Prompt } from "@patchbay/graph";

/** Some nodes of the given ones whose links run in a circle, first and last the same; undefined when there are none. */
export function findCircle(prompt: Prompt, ids: readonly string[]): string[] | undefined {
  const state = new Map<string, "open" | "done">();
  for (const start of ids) {
    if (state.has(start)) continue;
    // A walk of its own stack: graphs may be deeper than the language's.
    const path: { id: string; origins: string[] }[] = [{ id: start, origins: originsOf(prompt, start) }];
    state.set(start, "open");
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.origins.pop();
      if (next === undefined) {
        state.set(top.id, "done");
        path.pop();
      } else if (state.get(next) === "open") {
        const names = path.map(({ id }) => id);
        return [...names.slice(names.indexOf(next)), next];
      } else if (!state.has(next)) {
        state.set(next, "open");
        path.push({ id: next, origins: originsOf(prompt, next) });
      }
    }
  }
  return undefined;
}

function originsOf(prompt: Prompt, id: string): string[] {
  const origins = Object.values(prompt[id]!.inputs).filter(isLink);
  return origins.map(([origin]) => origin).filter((origin) => Object.hasOwn(prompt, origin));
}
