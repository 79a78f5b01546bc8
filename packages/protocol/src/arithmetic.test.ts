import { expect, it } from "vitest";
import { arithmeticSchema, precisions } from "./arithmetic.js";
import { newJobSchema } from "./http.js";
import { jobEventSchema } from "./job.js";

it("names a precision and an instruction set, perhaps what was asked for instead, and nothing else", () => {
  for (const precision of precisions) expect(arithmeticSchema.parse({ precision, isa: "avx2" })).toEqual({ precision, isa: "avx2" });
  expect(arithmeticSchema.parse({ precision: "exact", isa: "avx2", asked: "fast" }).asked).toBe("fast");
  for (const value of [
    {},
    { precision: "exact", isa: "avx2", asked: "half" },
    { precision: "exact" },
    { precision: "bf16", isa: "avx2" },
    { precision: "exact", isa: "" },
    null,
  ])
    expect(arithmeticSchema.safeParse(value).success).toBe(false);
});

it("is asked for by a job or left to the server", () => {
  expect(newJobSchema.safeParse({ prompt: {} }).success).toBe(true);
  expect(newJobSchema.safeParse({ prompt: {}, precision: "small" }).success).toBe(true);
  expect(newJobSchema.safeParse({ prompt: {}, precision: "half" }).success).toBe(false);
});

it("is not in events that were stored before there was a choice", () => {
  const started = { type: "started", at: 1, attempt: 1, nodes: ["1"] };
  const arithmetic = { precision: "fast", isa: "avx512bf16" };
  expect(jobEventSchema.parse(started)).toEqual(started);
  expect(jobEventSchema.parse({ ...started, arithmetic })).toEqual({ ...started, arithmetic });
});
