import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readGoldenTensors } from "../testing/goldenTensors.js";
import { betaQuantile } from "./betaQuantile.js";
import { discreteSampling } from "./discreteSampling.js";
import { schedulers, type SchedulerName } from "./schedulers.js";

const readJson = (name: string): unknown => JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), "utf8"));
const tables = readGoldenTensors(new URL("golden/sigma_tables.safetensors", import.meta.url));
const goldenSigmas = Object.entries(readJson("sigmas.json") as Record<string, (number | "nan")[]>);
const points = readJson("sampling_points.json") as Record<string, Record<string, number>>;

const sd15 = discreteSampling();
const zeroSnr = discreteSampling({ zeroTerminalSnr: true });

/** The largest relative difference; a zero must be a zero, and a NaN a NaN. */
function relativeDifference(actual: Float32Array, expected: ArrayLike<number | string>): number {
  if (actual.length !== expected.length) return Infinity;
  const differences = Array.from(actual, (value, i) => {
    const wanted = Number(expected[i]);
    return Object.is(value, wanted) ? 0 : Math.abs(value - wanted) / Math.abs(wanted);
  });
  return Math.max(0, ...differences);
}

describe("discreteSampling", () => {
  it("has Stable Diffusion's table bit by bit", () => {
    expect(relativeDifference(sd15.sigmas, tables.get("sigmas")!.data)).toBe(0);
    expect(sd15.sigmaMax).toBe(tables.get("sigmas")!.data[999]);
  });

  it("has the zero-terminal-SNR table", () => {
    expect(relativeDifference(zeroSnr.sigmas, tables.get("zsnr.sigmas")!.data)).toBeLessThan(2e-6);
  });

  it.each(Object.entries(points["sigma(timestep)"]!))("sigma(%s) is %d", (timestep, sigma) => {
    expect(Math.abs(sd15.sigma(Number(timestep)) / sigma - 1)).toBeLessThan(2e-7);
  });

  it.each(Object.entries(points["timestep(sigma)"]!))("timestep(%s) is %d", (sigma, timestep) => {
    expect(sd15.timestep(Math.fround(Number(sigma)))).toBe(timestep);
  });

  it.each(Object.entries(points.percent_to_sigma!))("percentToSigma(%s) is %d", (percent, sigma) => {
    expect(relativeDifference(Float32Array.of(sd15.percentToSigma(Number(percent))), Float32Array.of(sigma))).toBeLessThan(2e-7);
  });

  it("takes torch's side where a sigma is half-way between two timesteps", () => {
    expect([832.5, 499.5, 166.5].map((t) => sd15.timestep(sd15.sigma(t)))).toEqual([833, 500, 166]);
  });

  it("finds every timestep from its own sigma", () => {
    const timesteps = Array.from({ length: 1000 }, (_, t) => t);
    expect(timesteps.map((t) => sd15.timestep(sd15.sigma(t)))).toEqual(timesteps);
  });

  it("reads eps, v and x0 outputs that stand for the same clean latent", () => {
    fc.assert(
      fc.property(
        fc.float({ min: Math.fround(0.03), max: Math.fround(14), noNaN: true }),
        fc.float({ min: -4, max: 4, noNaN: true }),
        fc.float({ min: -4, max: 4, noNaN: true }),
        (sigma, clean, eps) => {
          const x = Float32Array.of(clean + sigma * eps);
          // v of Salimans and Ho: alpha · eps - sigma' · x0 with alpha = 1/sqrt(1 + s²), sigma' = s/sqrt(1 + s²).
          const v = Float32Array.of((eps - sigma * clean) / Math.hypot(1, sigma));
          const outputs = { eps: Float32Array.of(eps), v, x0: Float32Array.of(clean) };
          for (const [predictionType, output] of Object.entries(outputs) as ["eps" | "v" | "x0", Float32Array][]) {
            const [denoised] = discreteSampling({ predictionType }).calculateDenoised(sigma, output, x);
            expect(Math.abs(denoised! - clean)).toBeLessThan(1e-5 * (1 + sigma));
          }
        },
      ),
    );
  });

  it("starts from scaled noise, a little more of it at the largest sigma", () => {
    const start = (maxDenoise: boolean) => sd15.noiseScaling(3, Float32Array.of(1), Float32Array.of(0.5), maxDenoise)[0];
    expect([start(false), start(true)]).toEqual([3.5, Math.fround(Math.fround(Math.sqrt(10)) + 0.5)]);
  });

  it.each([{ betaStart: 0 }, { betaEnd: 1 }, { steps: 1 }, { betaStart: NaN }])("refuses %j", (options) => {
    expect(() => discreteSampling(options)).toThrow(expect.objectContaining({ code: "MODEL_SAMPLING" }));
  });
});

describe("schedulers", () => {
  it.each(goldenSigmas.filter(([name]) => name.startsWith("sd15")))("%s", (name, expected) => {
    const [model, scheduler, steps] = name.split("/");
    const sigmas = schedulers[scheduler as SchedulerName](model === "sd15" ? sd15 : zeroSnr, Number(steps));
    expect(relativeDifference(sigmas, expected)).toBeLessThan(2e-7);
  });

  it("fall to 0 for any number of steps", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(schedulers)), fc.integer({ min: 2, max: 400 }), (name, steps) => {
        const sigmas = schedulers[name as SchedulerName](sd15, steps);
        expect(sigmas.at(-1)).toBe(0);
        expect(sigmas.every((sigma, i) => i === 0 || sigma < sigmas[i - 1]!)).toBe(true);
      }),
    );
  });
});

describe("betaQuantile", () => {
  it("is the inverse of closed forms", () => {
    for (const p of [1e-9, 1e-3, 0.1, 0.5, 0.77, 0.999]) {
      // Beta(1/2, 1/2) is the arcsine distribution, Beta(1, b) has CDF 1 - (1 - x)^b.
      const arcsine = Math.sin((Math.PI * p) / 2) ** 2;
      expect(Math.abs(betaQuantile(p, 0.5, 0.5) / arcsine - 1)).toBeLessThan(1e-11);
      const power = -Math.expm1(Math.log1p(-p) / 3);
      expect(Math.abs(betaQuantile(p, 1, 3) / power - 1)).toBeLessThan(1e-11);
    }
  });

  it("has its ends, and is symmetric", () => {
    expect([betaQuantile(0, 0.6, 0.6), betaQuantile(1, 0.6, 0.6)]).toEqual([0, 1]);
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (p) => {
        expect(Math.abs(betaQuantile(p, 0.6, 0.6) + betaQuantile(1 - p, 0.6, 0.6) - 1)).toBeLessThan(1e-9);
      }),
    );
  });
});
