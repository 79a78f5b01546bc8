import { expect, it } from "vitest";
import { keyOf, readableKey } from "./keys.js";

const press = (key: string, modifiers: Partial<Parameters<typeof keyOf>[0]> = {}): string | undefined =>
  keyOf({ key, code: "", ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers });

it("writes key presses in one order", () => {
  expect(press("Enter", { ctrlKey: true })).toBe("Mod+Enter");
  expect(press("z", { metaKey: true, shiftKey: true })).toBe("Mod+Shift+Z");
  expect(press("m")).toBe("M");
  expect(press("?", { shiftKey: true })).toBe("?");
  expect(press("ArrowUp", { altKey: true })).toBe("Alt+Up");
  expect(press(" ")).toBe("Space");
});

it("takes a key's place where its sign does not help", () => {
  expect(press("µ", { altKey: true, code: "KeyM" })).toBe("Alt+M");
  expect(press("с", { ctrlKey: true, code: "KeyC" })).toBe("Mod+C");
});

it("knows nothing of modifiers alone", () => {
  for (const key of ["Control", "Shift", "Alt", "Meta", "Dead"]) expect(press(key)).toBeUndefined();
});

it("reads out as the machine's own keys", () => {
  expect(readableKey("Mod+Shift+Z", false)).toBe("Ctrl+Shift+Z");
  expect(readableKey("Mod+Shift+Z", true)).toBe("⌘⇧Z");
});
