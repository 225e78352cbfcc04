import type { ReplyLimits } from "@otklik/client";
import { describe, expect, it } from "vitest";
import { lengthIn, roomFor } from "./limits.ts";

const TELEGRAM: ReplyLimits = {
  channel: "telegram",
  title: "Bot",
  text: 10,
  text_unit: "utf16",
  caption: 4,
  upload_bytes: 1,
  picture_bytes: 1,
  album: 1,
  sends: [],
  features: [],
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
    const limits = TELEGRAM;
    expect(roomFor(limits, "12345678", false).tight).toBe(false);
    expect(roomFor(limits, "123456789", false)).toEqual({
      used: 9,
      limit: 10,
      tight: true,
      over: false,
    });
    expect(roomFor(limits, "12345678901", false).over).toBe(true);
  });

  it("is a caption's with files, and endless for a note", () => {
    expect(roomFor(TELEGRAM, "12345", true).over).toBe(true);
    expect(roomFor(undefined, "x".repeat(1e5), false).over).toBe(false);
  });
});
