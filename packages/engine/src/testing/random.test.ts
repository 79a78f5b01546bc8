import { expect, test } from "vitest";
import { Random } from "./random.js";

const numbers = (seed: number): number[] => {
  const random = new Random(seed);
  return Array.from({ length: 2000 }, () => random.next());
};

test("a seed gives the same numbers again, its neighbour others", () => {
  expect(numbers(5)).toEqual(numbers(5));
  const shared = new Set(numbers(5));
  expect(numbers(6).filter((value) => shared.has(value))).toHaveLength(0);
  const mean = numbers(7).reduce((sum, value) => sum + value, 0) / 2000;
  expect(Math.abs(mean - 0.5)).toBeLessThan(0.03);
});

test("factors multiply to the product", () => {
  const random = new Random(1);
  for (let product = 1; product < 200; product++) {
    const parts = random.integer(1, 6);
    const sizes = random.factors(product, parts);
    expect(sizes).toHaveLength(parts);
    expect(sizes.reduce((a, b) => a * b, 1)).toBe(product);
  }
});

test("shuffle keeps every item", () => {
  expect(new Random(3).shuffle([1, 2, 3, 4, 5]).sort()).toEqual([1, 2, 3, 4, 5]);
});
