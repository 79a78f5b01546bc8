import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { discreteSampling } from "../schedules/index.js";
import { maxDifference } from "../testing/goldenTensors.js";
import { calculateSigmas } from "./calculateSigmas.js";

const goldens = JSON.parse(readFileSync(new URL("../schedules/golden/sigmas.json", import.meta.url), "utf8")) as Record<string, number[]>;
const sd15 = discreteSampling();

describe("calculateSigmas", () => {
  it.each(Object.entries(goldens).filter(([name]) => name.startsWith("ksampler/")))("%s", (name, expected) => {
    const [, sampler, scheduler, steps, denoise] = name.split("/") as [string, string, string, string, string];
    const number = (text: string): number => Number(text.split("=")[1]);
    const sigmas = calculateSigmas({ sampling: sd15, scheduler, sampler, steps: number(steps), denoise: number(denoise) });
    expect(maxDifference(sigmas, expected)).toBeLessThan(2e-6);
  });

  const options = { sampling: sd15, scheduler: "normal", sampler: "euler", steps: 20 };
  it.each([
    [{ scheduler: "nomal" }, "MODEL_UNKNOWN_SCHEDULER"],
    [{ scheduler: "toString" }, "MODEL_UNKNOWN_SCHEDULER"],
    [{ sampler: "eulr" }, "MODEL_UNKNOWN_SAMPLER"],
    [{ steps: 0 }, "MODEL_STEPS"],
    [{ steps: 2.5 }, "MODEL_STEPS"],
    [{ denoise: 1e-9 }, "MODEL_STEPS"],
  ])("refuses %j", (change, code) => {
    expect(() => calculateSigmas({ ...options, ...change })).toThrow(expect.objectContaining({ code }));
  });

  it("needs no sampler", () => {
    expect(calculateSigmas({ sampling: sd15, scheduler: "karras", steps: 7 })).toEqual(
      calculateSigmas({ ...options, scheduler: "karras", steps: 7 }),
    );
  });
});
