import { arrangeCommands } from "./arrangeCommands.js";
import type { Command } from "./command.js";
import { editCommands } from "./editCommands.js";
import { graphCommands } from "./graphCommands.js";
import { nodeCommands } from "./nodeCommands.js";
import { precisionCommands } from "./precisionCommands.js";
import { runCommands } from "./runCommands.js";
import { viewCommands } from "./viewCommands.js";

/** Everything a user can do. */
export const commands: readonly Command[] = [
  ...runCommands,
  ...precisionCommands,
  ...editCommands,
  ...nodeCommands,
  ...arrangeCommands,
  ...viewCommands,
  ...graphCommands,
];

export function commandOf(id: string): Command {
  const command = commands.find((known) => known.id === id);
  if (!command) throw new Error(`There is no command "${id}"`);
  return command;
}
