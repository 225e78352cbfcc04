import { describe, expect, it } from "vitest";
import { readFormatting, toggleSign, writeFormatting } from "./formatting.ts";

describe("reading signs", () => {
  it.each([
    ["plain", "plain", []],
    ["**да**", "да", [{ kind: "bold", offset: 0, length: 2 }]],
    ["a __b__ c", "a b c", [{ kind: "italic", offset: 2, length: 1 }]],
    [
      "~~нет~~ `x_y`",
      "нет x_y",
      [
        { kind: "strikethrough", offset: 0, length: 3 },
        { kind: "code", offset: 4, length: 3 },
      ],
    ],
    [
      "[сайт](https://a.test/x)",
      "сайт",
      [{ kind: "link", offset: 0, length: 4, url: "https://a.test/x" }],
    ],
    ["```\nx = 1\n```", "x = 1", [{ kind: "pre", offset: 0, length: 5 }]],
  ])("%s", (typed, text, entities) => {
    expect(readFormatting(typed)).toEqual({ text, entities });
  });

  it("counts offsets in UTF-16 units after an emoji", () => {
    expect(readFormatting("🎉 **ура**").entities).toEqual([{ kind: "bold", offset: 3, length: 3 }]);
  });

  it("nests", () => {
    expect(readFormatting("**a __b__**")).toEqual({
      text: "a b",
      entities: [
        { kind: "bold", offset: 0, length: 3 },
        { kind: "italic", offset: 2, length: 1 },
      ],
    });
  });

  it.each(["2 * 3 * 4", "snake_case_name", "a ** b ** c", "[x](javascript:alert(1))", "`", "****"])(
    "leaves %s as it is",
    (typed) => {
      expect(readFormatting(typed)).toEqual({ text: typed, entities: [] });
    },
  );
});

describe("writing signs back", () => {
  it.each([
    "**да** и __нет__",
    "a `b` ~~c~~",
    "[сайт](https://a.test/)",
    "**a __b__**",
    "🎉 **ура**",
  ])("%s survives the way there and back", (typed) => {
    const { text, entities } = readFormatting(typed);
    expect(writeFormatting(text, entities)).toBe(typed);
  });
});

describe("Ctrl+B", () => {
  it("puts signs around the selection and takes them away again", () => {
    const bold = toggleSign("скажу так", 6, 9, "**");
    expect(bold).toEqual({ text: "скажу **так**", start: 8, end: 11 });
    expect(toggleSign(bold.text, bold.start, bold.end, "**")).toEqual({
      text: "скажу так",
      start: 6,
      end: 9,
    });
  });

  it("leaves the cursor between the signs when nothing is selected", () => {
    expect(toggleSign("", 0, 0, "__")).toEqual({ text: "____", start: 2, end: 2 });
  });
});
