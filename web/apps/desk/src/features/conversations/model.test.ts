import { beforeEach, describe, expect, it } from "vitest";
import { prefer } from "../../shell/preferences.ts";
import { sampleMessage, sampleRow } from "../../shell/samples.ts";
import { filterOf, previewText, quoteText, readSearch, urgency } from "./model.ts";

beforeEach(() => prefer("locale", "ru"));

describe("the address", () => {
  it("holds the filter", () => {
    expect(
      readSearch({ view: "mine", sort: "recent", label: "l1", channel: "widget", at: 7 }),
    ).toEqual({
      view: "mine",
      sort: "recent",
      label: "l1",
      channel: "widget",
      at: 7,
    });
  });

  it("ignores what makes no sense", () => {
    expect(readSearch({ view: "nope", sort: 1, label: 5, at: -1 })).toEqual({});
    expect(filterOf({})).toEqual({ view: "all", sort: "waiting", label: "", channel: "" });
  });
});

describe("a row", () => {
  it.each([
    [60_000, "calm"],
    [5 * 60_000 + 1, "amber"],
    [15 * 60_000 + 1, "red"],
  ])("after %i ms is %s", (waited, expected) => {
    expect(urgency(waited)).toBe(expected);
  });

  it("names what has no words", () => {
    expect(previewText(sampleRow({ preview: "", preview_kind: "voice" }))).toBe("Голосовое");
    expect(previewText(sampleRow({ preview: "чек", preview_kind: "picture" }))).toBe("Фото: чек");
    expect(previewText(sampleRow({ preview: "привет" }))).toBe("привет");
  });

  it("quotes a message in one line", () => {
    expect(quoteText(sampleMessage({ text: "", kind: "sticker" }))).toBe("Стикер");
    expect(quoteText(sampleMessage({ deleted_at: 5 }))).toBe("Сообщение удалено");
  });
});
