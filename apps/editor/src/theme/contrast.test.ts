import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");
const [darkBlock = "", lightBlock = ""] = css.split(':root[data-theme="light"]');

/** Tokens that are a plain oklch colour, by name. */
function tokensOf(block: string): Map<string, [number, number, number]> {
  return new Map(
    [...block.matchAll(/(--[\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\);/g)].map(([, name, l, c, h]) => [
      name!,
      [Number(l), Number(c), Number(h)],
    ]),
  );
}

/** Relative luminance (WCAG 2.2) of an OKLCH colour, by Ottosson's matrices (bottosson.github.io/posts/oklab). */
function luminance([lightness, chroma, hue]: [number, number, number]): number {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clamp = (value: number): number => Math.min(1, Math.max(0, value));
  const red = clamp(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s);
  const green = clamp(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s);
  const blue = clamp(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

describe.each([
  ["dark", tokensOf(darkBlock)],
  ["light", new Map([...tokensOf(darkBlock), ...tokensOf(lightBlock)])],
])("the %s theme", (_, tokens) => {
  const contrast = (a: string, b: string): number => {
    const [first, second] = [a, b].map((name) => luminance(tokens.get(name)!)) as [number, number];
    return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05);
  };
  const types = [...tokens.keys()].filter((name) => name.startsWith("--type-"));

  it("has text that can be read on all that it stands on", () => {
    for (const ground of ["--ground", "--card", "--raised", "--well"]) {
      for (const text of ["--text", "--text-soft", "--accent-text"])
        expect(contrast(text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast("--on-accent", "--accent")).toBeGreaterThanOrEqual(4.5);
    expect(contrast("--danger", "--raised")).toBeGreaterThanOrEqual(4.5);
    expect(contrast("--warning", "--card")).toBeGreaterThanOrEqual(4.5);
  });

  it("has sockets, wires and focus rings that can be told from what is behind", () => {
    expect(types.length).toBeGreaterThan(8);
    for (const type of [...types, "--focus"])
      for (const ground of ["--card", "--ground"]) expect(contrast(type, ground), `${type} on ${ground}`).toBeGreaterThanOrEqual(3);
  });
});
