import { commands } from "./commands.js";
import type { Command } from "./command.js";

const stored = "patchbay.keys";

/** The user's own keys by command id; an empty list takes a command's keys away. */
export type OwnKeys = Readonly<Record<string, readonly string[]>>;

export function readOwnKeys(storage: Pick<Storage, "getItem"> = localStorage): OwnKeys {
  try {
    const value: unknown = JSON.parse(storage.getItem(stored) ?? "{}");
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter(([, keys]) => Array.isArray(keys) && keys.every((key) => typeof key === "string")) as [
        string,
        string[],
      ][],
    );
  } catch {
    return {};
  }
}

/** Gives a command another key; whoever had it loses it. Null: back to what it had at first. */
export function bindKey(own: OwnKeys, id: string, key: string | null, list: readonly Command[] = commands): OwnKeys {
  const next: Record<string, readonly string[]> = { ...own };
  delete next[id];
  if (key === null) return next;
  for (const command of list) {
    const keys = keysOf(command, own);
    if (command.id !== id && keys.includes(key)) next[command.id] = keys.filter((other) => other !== key);
  }
  next[id] = [key];
  return next;
}

export function writeOwnKeys(own: OwnKeys, storage: Pick<Storage, "setItem"> = localStorage): void {
  storage.setItem(stored, JSON.stringify(own));
}

export function keysOf(command: Command, own: OwnKeys): readonly string[] {
  return own[command.id] ?? command.keys;
}
