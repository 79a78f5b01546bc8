import type { Prompt } from "@patchbay/graph";
import { comfyNodes } from "@patchbay/graph/comfy-nodes";
import { describe, expect, it } from "vitest";
import { applyOverrides, applySeed } from "./applyOverrides.js";

const catalog = comfyNodes();
const prompt: Prompt = {
  "3": { class_type: "KSampler", inputs: { seed: 1, steps: ["9", 0], cfg: 7 }, _meta: { title: "Sample v1.5" } },
  "4": { class_type: "CLIPTextEncode", inputs: { text: "a" }, _meta: { title: "Positive" } },
  "5": { class_type: "CLIPTextEncode", inputs: { text: "b" }, _meta: { title: "Negative" } },
  "12:7": { class_type: "KSamplerAdvanced", inputs: { noise_seed: 1 } },
};

function set(...overrides: string[]): Prompt {
  return applyOverrides(prompt, overrides, catalog);
}

describe("applyOverrides", () => {
  it("finds nodes by id, title and type, and reads values by the input's kind", () => {
    const changed = set(
      "3.seed=18446744073709551615",
      "Sample v1.5.steps=8",
      "KSampler.cfg=1e0",
      "Positive.text=x = 1, y.z",
      "12:7.add_noise=disable",
    );
    expect(changed["3"]!.inputs).toEqual({ seed: 18446744073709551615n, steps: 8, cfg: 1 });
    expect(changed["4"]!.inputs).toEqual({ text: "x = 1, y.z" });
    expect(changed["12:7"]!.inputs).toEqual({ noise_seed: 1, add_noise: "disable" });
  });

  it("changes nothing it was given", () => {
    const before = structuredClone(prompt);
    set("3.seed=5");
    expect(prompt).toEqual(before);
  });

  it("leaves what doesn't fit for validation to name", () => {
    expect(set("3.steps=many")["3"]!.inputs["steps"]).toBe("many");
  });

  it.each([
    ["3.seed", "GRAPH_SET_SYNTAX"],
    ["seed=3", "GRAPH_SET_SYNTAX"],
    [".seed=3", "GRAPH_SET_SYNTAX"],
    ["3.=3", "GRAPH_SET_SYNTAX"],
    ["99.seed=3", "GRAPH_SET_NODE_UNKNOWN"],
    ["CLIPTextEncode.text=3", "GRAPH_SET_NODE_AMBIGUOUS"],
    ["3.sed=3", "GRAPH_SET_INPUT_UNKNOWN"],
    ["3.model=3", "GRAPH_SET_INPUT_UNKNOWN"],
  ])("refuses %s with %s", (override, code) => {
    expect(() => set(override)).toThrow(expect.objectContaining({ code }));
  });
});

describe("applySeed", () => {
  it("sets every seed", () => {
    const changed = applySeed(prompt, "7", catalog);
    expect([changed["3"]!.inputs["seed"], changed["12:7"]!.inputs["noise_seed"]]).toEqual([7n, 7n]);
  });

  it.each(["-1", "18446744073709551616", "1.5", "x", ""])("refuses %j", (text) => {
    expect(() => applySeed(prompt, text, catalog)).toThrow(expect.objectContaining({ code: "GRAPH_SEED_RANGE" }));
  });

  it("says when there is none", () => {
    expect(() => applySeed({ "4": prompt["4"]! }, "1", catalog)).toThrow(expect.objectContaining({ code: "GRAPH_SET_INPUT_UNKNOWN" }));
  });
});
