import { expect, it } from "vitest";
import { readRuns, writeRuns } from "./rememberedRuns.js";

function storage(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

it("keeps jobs and seeds of any size by draft", () => {
  const kept = storage();
  writeRuns("a", { jobs: ["1", "2"], seeds: { 5: { seed: 18446744073709551615n } } }, kept);
  writeRuns("b", { jobs: [], seeds: {} }, kept);
  expect(readRuns("a", kept)).toEqual({ jobs: ["1", "2"], seeds: { 5: { seed: 18446744073709551615n } } });
  expect(readRuns("c", kept)).toEqual({ jobs: [], seeds: {} });
});

it("forgets the drafts that were not run for longest", () => {
  const kept = storage();
  for (let at = 0; at < 60; at++) writeRuns(`draft ${at}`, { jobs: [String(at)], seeds: {} }, kept);
  expect(readRuns("draft 9", kept).jobs).toEqual([]);
  expect(readRuns("draft 10", kept).jobs).toEqual(["10"]);
  expect(readRuns("draft 59", kept).jobs).toEqual(["59"]);
});

it("reads nothing from what is broken", () => {
  for (const text of ["{", "[]", '{"a":1}', '{"a":{"jobs":1,"seeds":[]}}', '{"a":{"jobs":[1],"seeds":{"5":{"seed":"x"}}}}']) {
    const { jobs } = readRuns("a", { getItem: () => text });
    expect(jobs).toEqual([]);
  }
});
