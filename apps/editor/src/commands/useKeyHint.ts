import { commandOf } from "./commands.js";
import { keysOf, readOwnKeys } from "./keyBindings.js";
import { readableKey } from "./keys.js";

/** A command's name and its key, for a tooltip. */
export function useKeyHint(id: string): string {
  const command = commandOf(id);
  const [key] = keysOf(command, readOwnKeys());
  return key === undefined ? command.label : `${command.label} (${readableKey(key)})`;
}
