import { expect, it } from "vitest";
import type { Command } from "./command.js";
import { bindKey, keysOf, readOwnKeys, writeOwnKeys } from "./keyBindings.js";

const command = (id: string, ...keys: string[]): Command => ({ id, label: id, group: "Edit", keys, run: () => undefined });
const list = [command("a", "A"), command("b", "B", "Mod+B")];

it("moves a key from one command to another, and back", () => {
  const own = bindKey({}, "a", "B", list);
  expect([keysOf(list[0]!, own), keysOf(list[1]!, own)]).toEqual([["B"], ["Mod+B"]]);
  expect(keysOf(list[0]!, bindKey(own, "a", null, list))).toEqual(["A"]);
});

it("reads what it wrote, and nothing from what is broken", () => {
  const kept = new Map<string, string>();
  const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
  writeOwnKeys({ a: ["X"] }, storage);
  expect(readOwnKeys(storage)).toEqual({ a: ["X"] });
  for (const broken of ["{", "null", '{"a":1}', '{"a":[1]}']) expect(readOwnKeys({ getItem: () => broken })).toEqual({});
});
