declare global {
  // How often each card was drawn, for tests and benches that set it: {}.
  var patchbayRenders: Record<string, number> | undefined;
}

/** Counts a render of a card or a part of it, where someone counts. */
export function countRender(id: string): void {
  const counts = globalThis.patchbayRenders;
  if (counts) counts[id] = (counts[id] ?? 0) + 1;
}
