import { expect, test } from "vitest";
import { mutatePlan } from "./mutatePlan.js";
import { Random } from "./random.js";

/** As long as a small plan, without constants. */
const plan = new Uint8Array(new Uint32Array(60).fill(3).fill(0, 7, 8).buffer);

test("changes a few words, and sometimes the length", () => {
  const random = new Random(4);
  const before = plan.slice();
  const changed = Array.from({ length: 500 }, () => mutatePlan(plan, random));
  expect(plan).toEqual(before);
  expect(changed.filter(({ length }) => length < plan.length).length).toBeGreaterThan(20);
  expect(changed.filter(({ length }) => length > plan.length).length).toBeGreaterThan(20);
  expect(changed.filter((bytes) => Buffer.compare(bytes, plan) !== 0).length).toBeGreaterThan(250);
});

test("the same choices change the same", () => {
  expect(mutatePlan(plan, new Random(9))).toEqual(mutatePlan(plan, new Random(9)));
});
