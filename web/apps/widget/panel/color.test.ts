import { describe, expect, it } from "vitest";
import { contrast, parse, type Rgb, schemeOf } from "./color";

const PAPERS: Record<"onLight" | "onDark", Rgb[]> = {
  onLight: [parse("#fff"), parse("#f0f3f3")],
  onDark: [parse("#181d1e"), parse("#293031")],
};

function rgb(css: string): Rgb {
  const [r = 0, g = 0, b = 0] = css.match(/\d+/g)?.map(Number) ?? [];
  return [r, g, b];
}

function everyHue(): string[] {
  const colors: string[] = [];
  for (let value = 0; value < 0x1000; value += 7)
    colors.push(`#${value.toString(16).padStart(3, "0")}`);
  return colors;
}

describe("the owner's colour", () => {
  it("is kept as it is when it can be read", () => {
    expect(schemeOf("#00767b")).toMatchObject({ brand: "rgb(0 118 123)", ink: "rgb(255 255 255)" });
  });

  it("bears text whatever colour it is", () => {
    for (const color of everyHue()) {
      const { brand, ink } = schemeOf(color);
      expect(contrast(rgb(brand), rgb(ink)), color).toBeGreaterThanOrEqual(4.5);
    }
  });

  it("can be read as text on every paper of the panel", () => {
    for (const color of everyHue()) {
      const scheme = schemeOf(color);
      for (const side of ["onLight", "onDark"] as const)
        for (const paper of PAPERS[side])
          expect(contrast(rgb(scheme[side]), paper), `${color} ${side}`).toBeGreaterThanOrEqual(
            4.5,
          );
    }
  });

  it("falls back to our own when it is no colour", () => {
    for (const wrong of ["", "teal", "#12", "url(x)", "#12345g"])
      expect(schemeOf(wrong)).toEqual(schemeOf("#00767b"));
  });

  it("understands the short form", () => {
    expect(parse("#fa0")).toEqual(parse("#ffaa00"));
  });
});
