import type { ReplyLimits } from "@otklik/client";
import { describe, expect, it } from "vitest";
import { type Draft, lengthIn, mayNotFit, roomFor } from "./limits.ts";

const LIMITS: ReplyLimits = {
  channel: "vk",
  title: "Shop",
  text: 10,
  text_unit: "utf16",
  caption: 4,
  upload_bytes: 1,
  picture_bytes: 1,
  album: 2,
  sends: ["text", "picture"],
  features: ["album"],
  window: { reply_s: 0, human_s: 0, ad_s: 0, first: "person" },
};

describe("the room for a reply", () => {
  it.each([
    ["characters", "да🎉", 3],
    ["utf16", "да🎉", 4],
    ["bytes", "да🎉", 8],
  ] as const)("%s", (unit, text, expected) => {
    expect(lengthIn(unit, text)).toBe(expected);
  });

  it("is tight near the limit and over beyond it", () => {
    expect(roomFor(LIMITS, "12345678", false).tight).toBe(false);
    expect(roomFor(LIMITS, "123456789", false)).toEqual({
      left: 1,
      unit: "utf16",
      tight: true,
      over: false,
    });
    expect(roomFor(LIMITS, "12345678901", false).over).toBe(true);
  });

  it("is a caption's with files, and endless for a note", () => {
    expect(roomFor(LIMITS, "12345", true).over).toBe(true);
    expect(roomFor(undefined, "x".repeat(1e5), false).over).toBe(false);
  });
});

describe("a draft", () => {
  const draft: Draft = { text: "привет", files: [], marks: false, quotes: false };

  it("that the channel takes as it is asks nobody", () => {
    expect(mayNotFit(LIMITS, draft)).toBe(false);
    expect(mayNotFit(LIMITS, { ...draft, text: "1234", files: ["picture", "picture"] })).toBe(
      false,
    );
  });

  it.each([
    ["too long", { text: "12345678901" }],
    ["too long a caption", { text: "12345", files: ["picture"] }],
    ["too large an album", { text: "", files: ["picture", "picture", "picture"] }],
    ["a kind the channel has no word for", { text: "", files: ["voice"] }],
    ["marked", { marks: true }],
    ["quoting", { quotes: true }],
  ])("%s may not fit", (_, part) => {
    expect(mayNotFit(LIMITS, { ...draft, ...part })).toBe(true);
  });
});
