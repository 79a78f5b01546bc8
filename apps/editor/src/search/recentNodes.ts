const key = "patchbay.recent";
const kept = 8;

/** Node types added lately, the newest first. */
export function recentNodes(storage: Pick<Storage, "getItem"> = localStorage): readonly string[] {
  try {
    const value: unknown = JSON.parse(storage.getItem(key) ?? "[]");
    return Array.isArray(value) ? value.filter((type) => typeof type === "string").slice(0, kept) : [];
  } catch {
    return [];
  }
}

export function rememberNode(type: string, storage: Pick<Storage, "getItem" | "setItem"> = localStorage): void {
  storage.setItem(key, JSON.stringify([type, ...recentNodes(storage).filter((other) => other !== type)].slice(0, kept)));
}
