import { expect, it } from "vitest";
import { printable } from "./printable.js";

it("leaves letters of all scripts and takes control characters", () => {
  expect(printable("Größe 日本 🎨 e\u0301")).toBe("Größe 日本 🎨 e\u0301");
  expect(printable("a\x1b[31m\x07\r\nb\x9bc\u202ed")).toBe("a�[31m���b�c�d");
});
