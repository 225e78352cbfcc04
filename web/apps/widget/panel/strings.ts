/** Words by language, and what is counted or filled in. */
import type russian from "./words.ru";

export type Words = typeof russian;

/** The language asked for, else the browser's: ru also serves its close neighbours. */
export function localeOf(asked: string): "ru" | "en" {
  return /^(ru|be|uk|kk)/.test(asked || navigator.language) ? "ru" : "en";
}

/** Load one language; the other one is never sent. */
export async function wordsOf(locale: string): Promise<Words> {
  return (locale === "ru" ? await import("./words.ru") : await import("./words.en")).default;
}

export function fill(pattern: string, value: string): string {
  return pattern.replace("{}", value);
}

export function sizeOf(bytes: number, words: Words): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1024 && unit < 2) {
    size /= 1024;
    unit += 1;
  }
  return `${size < 10 && unit ? size.toFixed(1) : Math.round(size)} ${words.bytes[unit]}`;
}
