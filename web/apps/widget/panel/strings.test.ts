import { describe, expect, it } from "vitest";
import { fill, localeOf, sizeOf, wordsOf } from "./strings";

describe("words", () => {
  it("are the same set in both languages, and none is empty", async () => {
    const [ru, en] = [await wordsOf("ru"), await wordsOf("en")];
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
    expect(Object.values({ ...ru, ...en }).every((word) => word.length > 0)).toBe(true);
  });

  it("keep the place for what is filled in", async () => {
    const [ru, en] = [await wordsOf("ru"), await wordsOf("en")];
    const slots = (words: object) =>
      Object.entries(words)
        .filter(([, word]) => String(word).includes("{}"))
        .map(([name]) => name);
    expect(slots(ru)).toEqual(slots(en));
    expect(fill(ru.typing, "Анна")).toBe("Анна печатает…");
  });

  it("are Russian for those who ask for it or for a close neighbour", () => {
    expect(["ru", "ru-RU", "uk", "be-BY", "kk"].map(localeOf)).toEqual(Array(5).fill("ru"));
    expect(["en", "de", "fr-FR"].map(localeOf)).toEqual(Array(3).fill("en"));
  });

  it("count sizes shortly", async () => {
    const words = await wordsOf("ru");
    expect([0, 900, 1536, 20_971_520].map((size) => sizeOf(size, words))).toEqual([
      "0 Б",
      "900 Б",
      "1.5 КБ",
      "20 МБ",
    ]);
  });
});
