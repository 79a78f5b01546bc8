import { expect, it } from "vitest";
import { storedPrecision, storePrecision } from "./chosenPrecision.js";

it("is the server's until one is chosen, and again when none is", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  };
  expect(storedPrecision(storage)).toBeNull();
  storePrecision("small", storage);
  expect(storedPrecision(storage)).toBe("small");
  storePrecision(null, storage);
  expect(storedPrecision(storage)).toBeNull();
});

it("is the server's when what is stored is no precision", () => {
  expect(storedPrecision({ getItem: () => "double" })).toBeNull();
});
