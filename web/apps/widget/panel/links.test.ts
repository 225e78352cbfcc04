import { describe, expect, it } from "vitest";
import { partsOf, safeUrl } from "./links";
import { isJumbo } from "./text";

const links = (text: string) =>
  partsOf(text, [])
    .filter((part) => part.href)
    .map((part) => [part.text, part.href]);

describe("links in a text", () => {
  it("are found without the punctuation around them", () => {
    expect(links("см. https://tea.example/ulun, там (www.tea.example) и a.b@tea.example.")).toEqual(
      [
        ["https://tea.example/ulun", "https://tea.example/ulun"],
        ["www.tea.example", "https://www.tea.example/"],
        ["a.b@tea.example", "mailto:a.b@tea.example"],
      ],
    );
  });

  it("include phone numbers with a country", () => {
    expect(links("звоните +7 900 000-00-00")).toEqual([["+7 900 000-00-00", "tel:+79000000000"]]);
  });

  it("leave the whole text in place", () => {
    for (const text of ["", "чай", "https://", "a@b", "1+1=2", "😀 https://tea.example/😀 !"])
      expect(
        partsOf(text, [])
          .map((part) => part.text)
          .join(""),
      ).toBe(text);
  });

  it("open only what may be opened", () => {
    for (const bad of ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "//x", "", " "])
      expect(safeUrl(bad)).toBe("");
    expect(safeUrl("JaVaScRiPt:alert(1)")).toBe("");
    expect(safeUrl("tel:+79000000000")).toBe("tel:+79000000000");
  });
});

describe("formatting", () => {
  it("cuts at UTF-16 units, so that emoji before it move nothing", () => {
    const parts = partsOf("🍵🍵 жирно и всё", [{ kind: "bold", offset: 5, length: 5 }]);
    expect(parts.find((part) => part.kinds.includes("bold"))?.text).toBe("жирно");
  });

  it("may overlap and reach beyond the end", () => {
    const parts = partsOf("abcdef", [
      { kind: "bold", offset: 0, length: 4 },
      { kind: "italic", offset: 2, length: 99 },
      { kind: "code", offset: -5, length: 1 },
    ]);
    expect(parts.map((part) => part.text).join("")).toBe("abcdef");
    expect(parts.find((part) => part.text === "cd")?.kinds).toEqual(["bold", "italic"]);
  });

  it("never makes a dangerous link of an entity", () => {
    const [part] = partsOf("сюда", [{ kind: "link", offset: 0, length: 4, url: "javascript:x" }]);
    expect(part).toMatchObject({ text: "сюда", href: "" });
  });
});

describe("a large emoji", () => {
  it.each(["😀", "❤️", "👍🏽", "👩‍🚀", "😀😀😀"])("is %s", (text) =>
    expect(isJumbo(text)).toBe(true),
  );
  it.each(["", "да 😀", "😀😀😀😀", "12", "чай"])("is not %s", (text) =>
    expect(isJumbo(text)).toBe(false),
  );
});
