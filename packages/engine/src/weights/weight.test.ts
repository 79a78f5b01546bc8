import { describe, expect, test } from "vitest";
import { Weight } from "./weight.js";
import { widenBfloat16, widenHalf } from "./halfFloat.js";
import { WeightScope } from "./weightScope.js";

describe("Weight", () => {
  test("views share the elements", () => {
    const weight = Weight.inMemory(
      "w",
      Float32Array.from({ length: 12 }, (_, i) => i),
      "f32",
      [4, 3],
    );
    expect([...weight.rows(1, 2).read()]).toEqual([3, 4, 5, 6, 7, 8]);
    expect(weight.reshape([2, 6]).shape).toEqual([2, 6]);
    expect(weight.rows(1, 2)).toBe(weight.rows(1, 2));
    expect(() => weight.rows(3, 2)).toThrow('could not take rows 3..5 of weight "w": it has 4');
    expect(() => weight.reshape([5])).toThrow('could not reshape weight "w" [4, 3] to [5]');
    expect(() => Weight.inMemory("w", new Float32Array(3), "f32", [4])).toThrow("3 elements for shape [4]");
  });

  test("half types widen exactly", () => {
    expect([...widenHalf(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x03ff, 0x7bff, 0x7c00, 0x8000))]).toEqual([
      1,
      -2,
      2 ** -24,
      1023 * 2 ** -24,
      65504,
      Infinity,
      -0,
    ]);
    expect(widenHalf(Uint16Array.of(0x7e00))[0]).toBeNaN();
    expect([...widenBfloat16(Uint16Array.of(0x3f80, 0xc040, 0x0000))]).toEqual([1, -3, 0]);
  });
});

test("WeightScope walks dotted names", () => {
  const scope = new WeightScope(
    new Map(
      ["blocks.0.a.weight", "blocks.1.a.weight", "blocks.3.a.weight", "b"].map((name) => [
        name,
        Weight.inMemory(name, new Float32Array(1), "f32", [1]),
      ]),
    ),
  );
  expect(scope.count("blocks")).toBe(2);
  expect(scope.at("blocks").at(1).at("a").get("weight").name).toBe("blocks.1.a.weight");
  expect(scope.has("blocks.3")).toBe(true);
  expect(scope.has("block")).toBe(false);
  expect(scope.find("c")).toBeUndefined();
  expect(() => scope.at("blocks.0").get("bias")).toThrow('could not find the weight "blocks.0.bias" in the model file');
});
