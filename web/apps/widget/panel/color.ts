/** The owner's colour, with contrast kept whatever colour it is (WCAG 2, 4.5 : 1 for text). */

export type Rgb = readonly [number, number, number];

const FALLBACK: Rgb = [0, 118, 123];
const ENOUGH = 4.5;

export interface Scheme {
  /** Behind our own bubbles and the send button. */
  brand: string;
  /** Text on it. */
  ink: string;
  /** The same hue as text on the panel's light and dark paper. */
  onLight: string;
  onDark: string;
}

export function parse(color: string): Rgb {
  const hex = /^#([\da-f]{3}|[\da-f]{6})$/i.exec(color.trim())?.[1];
  if (!hex) return FALLBACK;
  const wide = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  const value = Number.parseInt(wide, 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

export function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/** Move a colour towards black or white until text in it can be read on the paper. */
export function readable(color: Rgb, paper: Rgb): Rgb {
  const target = luminance(paper) > 0.18 ? 0 : 255;
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = color.map((part) => Math.round(part + (target - part) * share));
    const [r = 0, g = 0, b = 0] = mixed;
    if (contrast([r, g, b], paper) >= ENOUGH) return [r, g, b];
  }
  return [target, target, target];
}

const css = (color: Rgb): string => `rgb(${color.join(" ")})`;

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [14, 20, 21];

/** The papers of panel.css: the bubbles of the other side, the less favourable ground. */
const LIGHT: Rgb = [240, 243, 243];
const DARK: Rgb = [41, 48, 49];

export function schemeOf(color: string): Scheme {
  const brand = parse(color);
  // White is expected on a strong colour; black only where white could not be read.
  const white = contrast(brand, WHITE) >= ENOUGH;
  const ink = white ? WHITE : BLACK;
  const kept = contrast(brand, ink) >= ENOUGH ? brand : readable(brand, ink);
  return {
    brand: css(kept),
    ink: css(ink),
    onLight: css(readable(brand, LIGHT)),
    onDark: css(readable(brand, DARK)),
  };
}
