/** The catalogue of everything people read, and the locale's numbers, dates and plurals. */
import { en } from "../words/en.ts";
import { ru } from "../words/ru.ts";
import { preference } from "./preferences.ts";

export interface Plural {
  one: string;
  few?: string;
  many?: string;
  other: string;
}
export type Entry = string | Plural;
export type WordKey = keyof typeof en;
export type Values = Record<string, string | number>;

const CATALOGUES: Record<"ru" | "en", Record<WordKey, Entry>> = { ru, en };

/** Say it in the operator's language; `{name}` is filled from `values`, plurals follow `n`. */
export function t(key: WordKey, values: Values = {}): string {
  const locale = preference("locale");
  return fill(choose(CATALOGUES[locale][key], locale, values.n), values);
}

/** Pick the plural form for a count; plain entries are returned as they are. */
export function choose(entry: Entry, locale: string, count: string | number | undefined): string {
  if (typeof entry === "string") return entry;
  const form = new Intl.PluralRules(locale).select(Number(count ?? 0));
  return (form === "zero" || form === "two" ? undefined : entry[form]) ?? entry.other;
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** Whether a text is a key of the catalogue: for words that come from the server as codes. */
export function isWord(key: string): key is WordKey {
  return Object.hasOwn(en, key);
}
