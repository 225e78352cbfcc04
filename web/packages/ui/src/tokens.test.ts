// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

type Rgb = [number, number, number];
interface Token {
  light: Rgb;
  dark: Rgb;
}

/** OKLCH to linear sRGB, clipped to what a plain screen can show. */
function linear(lightness: number, chroma: number, hue: number): Rgb {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [
    clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function tokens(): Map<string, Token> {
  const found = new Map<string, Token>();
  const color = "oklch\\(([\\d.]+) ([\\d.]+) ([\\d.]+)\\)";
  const line = new RegExp(`--([\\w-]+): light-dark\\(${color}, ${color}\\)`, "g");
  for (const [, name = "", ...numbers] of css.matchAll(line)) {
    const [l1 = 0, c1 = 0, h1 = 0, l2 = 0, c2 = 0, h2 = 0] = numbers.map(Number);
    found.set(name, { light: linear(l1, c1, h1), dark: linear(l2, c2, h2) });
  }
  return found;
}

function contrast(one: Rgb, other: Rgb): number {
  const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

const SURFACES = ["surface-0", "surface-1", "surface-2", "surface-hover", "surface-active"];
const PAIRS: [string, string][] = [
  ...["ink", "ink-2", "ink-3", "accent-ink"].flatMap((ink) =>
    SURFACES.map((surface): [string, string] => [ink, surface]),
  ),
  ["ink", "bubble-in"],
  ["ink", "bubble-out"],
  ["ink", "bubble-bot"],
  ["ink-2", "bubble-in"],
  ["ink-2", "bubble-out"],
  ["accent-ink", "bubble-in"],
  ["accent-ink", "bubble-out"],
  ["accent-ink", "accent-soft"],
  ["note-ink", "note"],
  ["note-ink-2", "note"],
  ["note-ink", "amber-soft"],
  ["ink-on-accent", "accent"],
  ["ink-on-accent", "accent-hover"],
  ["green", "green-soft"],
  ["amber", "amber-soft"],
  ["red", "red-soft"],
  ["red", "surface-2"],
  ["amber", "surface-2"],
  ["surface-2", "ink"],
];

describe("contrast", () => {
  const all = tokens();

  it("knows every colour of the file", () => {
    expect(all.size).toBeGreaterThan(25);
  });

  it.each(PAIRS)("%s on %s is at least 4.5:1 in both schemes", (ink, surface) => {
    const one = all.get(ink);
    const other = all.get(surface);
    if (!one || !other) throw new Error(`tokens.css has no --${one ? surface : ink}`);
    expect(contrast(one.light, other.light)).toBeGreaterThanOrEqual(4.5);
    expect(contrast(one.dark, other.dark)).toBeGreaterThanOrEqual(4.5);
  });
});
