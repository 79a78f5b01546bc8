import { expect, it } from "vitest";
import { changeWeight } from "./promptWeight.js";

it("weights the word at the cursor, again, and back to plain", () => {
  const up = changeWeight({ text: "a red barn", start: 4, end: 4 }, 0.1);
  expect(up).toEqual({ text: "a (red:1.1) barn", start: 3, end: 6 });
  const more = changeWeight(up, 0.1);
  expect(more.text).toBe("a (red:1.2) barn");
  expect(changeWeight(changeWeight(more, -0.1), -0.1)).toEqual({ text: "a red barn", start: 2, end: 5 });
});

it("weights a selection of several words, whole brackets too, without the space around it", () => {
  expect(changeWeight({ text: "at dawn now", start: 2, end: 8 }, 0.05).text).toBe("at (dawn:1.05) now");
  expect(changeWeight({ text: "x (a b:0.9) y", start: 2, end: 11 }, 0.1)).toEqual({ text: "x a b y", start: 2, end: 5 });
});

it("leaves a text without words as it is", () => {
  expect(changeWeight({ text: "a  b", start: 2, end: 2 }, 0.1)).toEqual({ text: "a  b", start: 2, end: 2 });
});
