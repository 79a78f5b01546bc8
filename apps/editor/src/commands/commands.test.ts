import { expect, it } from "vitest";
import { menuEntries } from "../shell/menuEntries.js";
import { commandOf, commands } from "./commands.js";
import { browserKeys, keyOf } from "./keys.js";

it("names each command once, and gives no key to two", () => {
  expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length);
  expect(new Set(commands.map(({ label }) => label)).size).toBe(commands.length);
  const keys = commands.flatMap((command) => command.keys);
  expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
});

it("uses keys that browsers let through, written as key presses are", () => {
  for (const { id, keys } of commands) {
    for (const key of keys) {
      expect(browserKeys.has(key), id).toBe(false);
      const parts = key.split("+");
      const sign = key.endsWith("+") ? "+" : (parts.at(-1) ?? "");
      const named = { Esc: "Escape", Space: " " }[sign] ?? sign;
      const pressed = keyOf({
        key: named.length === 1 ? named.toLowerCase() : named,
        code: "",
        ctrlKey: parts.includes("Mod"),
        metaKey: false,
        altKey: parts.includes("Alt"),
        shiftKey: parts.includes("Shift"),
      });
      expect(pressed, id).toBe(key);
    }
  }
});

it("finds commands by id, and says when there is none", () => {
  expect(commandOf("run").label).toBe("Run");
  expect(() => commandOf("nothing")).toThrow("nothing");
});

it("has every command that a menu names", () => {
  for (const id of Object.values(menuEntries).flat()) if (id !== null) expect(commandOf(id).id).toBe(id);
});
