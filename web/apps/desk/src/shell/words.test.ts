import { beforeEach, describe, expect, it } from "vitest";
import { en } from "../words/en.ts";
import { ru } from "../words/ru.ts";
import { prefer } from "./preferences.ts";
import { fileSize, span } from "./time.ts";
import { choose, type Entry, t } from "./words.ts";

const forms = (entry: Entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
const blanks = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

describe("the catalogues", () => {
  const keys = Object.keys(en) as (keyof typeof en)[];

  it("have the same keys", () => {
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(keys)("%s has the same blanks in every form", (key) => {
    const expected = blanks(forms(en[key])[0] ?? "");
    for (const form of [...forms(en[key]), ...forms(ru[key])])
      expect(blanks(form)).toEqual(expected);
  });

  it("say every Russian plural in three forms", () => {
    for (const entry of Object.values(ru)) {
      if (typeof entry !== "string")
        expect(Object.keys(entry)).toEqual(["one", "few", "many", "other"]);
    }
  });
});

describe("plurals", () => {
  it.each([
    [1, "1 результат"],
    [2, "2 результата"],
    [5, "5 результатов"],
    [11, "11 результатов"],
    [21, "21 результат"],
    [104, "104 результата"],
  ])("%i in Russian", (n, expected) => {
    expect(choose(ru["search.found"], "ru", n).replace("{n}", String(n))).toBe(expected);
  });

  it("in English", () => {
    expect(choose(en["search.found"], "en", 1)).toBe("{n} result");
    expect(choose(en["search.found"], "en", 2)).toBe("{n} results");
  });
});

describe("spans and sizes", () => {
  beforeEach(() => prefer("locale", "ru"));

  it.each([
    [20_000, "сейчас"],
    [4 * 60_000, "4 мин"],
    [125 * 60_000, "2 ч"],
    [50 * 3_600_000, "2 д"],
  ])("%i ms", (ms, expected) => {
    expect(span(ms)).toBe(expected);
  });

  it("speaks the chosen language", () => {
    prefer("locale", "en");
    expect(span(4 * 60_000)).toBe("4 min");
    expect(t("fit.left.bytes", { n: 1000 })).toBe("1000 bytes left");
  });

  it("gives sizes as people say them", () => {
    expect(fileSize(1536)).toMatch(/^1,5.?кБ$/);
  });
});
