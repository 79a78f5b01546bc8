import { describe, expect, it } from "vitest";
import { fallbackReason, precisionUsed } from "./precisionNames.js";

describe("what a run was computed with", () => {
  it("is named when it is what was asked for, or nothing was", () => {
    expect(precisionUsed({ precision: "small", isa: "avx2" })).toBe("Small");
    expect(fallbackReason({ precision: "exact", isa: "avx2" })).toBeUndefined();
  });

  it("is named beside what was asked for when that could not be done", () => {
    const used = { precision: "exact", isa: "avx2", asked: "fast" } as const;
    expect(precisionUsed(used)).toBe("Exact instead of Fast");
    expect(fallbackReason(used)).toBe("The server's processor can't compute Fast, so the run was Exact.");
  });

  it("is left out when the job does not say", () => {
    expect(precisionUsed(null)).toBeUndefined();
    expect(fallbackReason(null)).toBeUndefined();
  });
});
