import { afterEach, expect, it, vi } from "vitest";
import { storedPrecision } from "../run/chosenPrecision.js";
import type { Studio } from "../session/studio.js";
import { createViewStore } from "../view/viewStore.js";
import { precisionCommands } from "./precisionCommands.js";

afterEach(() => vi.unstubAllGlobals());

it("chooses one precision for the runs of this browser", () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  const studio = { view: createViewStore() } as unknown as Studio;
  const chosen = (): unknown[] => precisionCommands.filter(({ choice }) => choice?.chosen(studio)).map(({ choice }) => choice?.label);
  expect(chosen()).toEqual(["Server default"]);
  for (const [at, precision] of ([null, "exact", "fast", "small"] as const).entries()) {
    void precisionCommands[at]!.run(studio);
    expect(chosen()).toEqual([["Server default", "Exact", "Fast", "Small"][at]]);
    expect(studio.view.getState().precision).toBe(precision);
    expect(storedPrecision()).toBe(precision);
  }
});
