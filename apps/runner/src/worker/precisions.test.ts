import { PRECISIONS } from "@patchbay/nodes";
import { expect, it } from "vitest";
import { precisions } from "./precisions.js";

it("the precisions that runs may ask for are those of the engine", () => {
  expect(precisions).toEqual(PRECISIONS);
});
