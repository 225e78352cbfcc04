import { describe, expect, it } from "vitest";
import { sampleMessage } from "../../shell/samples.ts";
import { arrange, type Line } from "./timeline.ts";

const NOON = new Date(2026, 2, 3, 12).getTime();
const at = (minutes: number, part = {}) =>
  sampleMessage({ id: `m${minutes}`, seq: minutes + 1, sent_at: NOON + minutes * 60_000, ...part });

const shape = (lines: Line[]) =>
  lines.map((line) =>
    line.kind === "group"
      ? `${line.side}:${line.items.map((item) => item.messages.length).join("+")}`
      : line.kind,
  );

describe("the timeline", () => {
  it("groups one voice and breaks after five minutes", () => {
    const [day] = arrange([at(0), at(1), at(9)], null);
    expect(shape(day?.lines ?? [])).toEqual(["in:1+1", "in:1"]);
  });

  it("tells our side, the bot and notes apart", () => {
    const ours = { author_kind: "operator", author_id: "op1" } as const;
    const lines = arrange(
      [
        at(0),
        at(1, ours),
        at(2, { ...ours, kind: "note" }),
        at(3, { author_kind: "bot", author_id: "b" }),
      ],
      null,
    )[0]?.lines;
    expect(shape(lines ?? [])).toEqual(["in:1", "out:1", "note:1", "bot:1"]);
  });

  it("tells what was answered in the platform's own app from what was answered here", () => {
    const ours = { author_kind: "operator", author_id: "", author_name: "Анна" } as const;
    const there = { ...ours, content: { details: { in_app: "yes" } } };
    const lines = arrange([at(0, there), at(1, there), at(2, ours)], null)[0]?.lines ?? [];
    expect(shape(lines)).toEqual(["out:1+1", "out:1"]);
    expect(lines.map((line) => line.kind === "group" && line.inApp)).toEqual([true, false]);
  });

  it("keeps an album in one bubble", () => {
    const album = { kind: "picture", group_key: "g" } as const;
    expect(shape(arrange([at(0, album), at(1, album), at(2)], null)[0]?.lines ?? [])).toEqual([
      "in:2+1",
    ]);
  });

  it("starts a new day at midnight", () => {
    expect(arrange([at(0), at(13 * 60)], null)).toHaveLength(2);
  });

  it("names a day the same when older messages of it are loaded", () => {
    const later = arrange([at(2), at(3)], null);
    const whole = arrange([at(0), at(1), at(2), at(3)], null);
    expect(whole.map((day) => day.key)).toEqual(later.map((day) => day.key));
  });

  it("gives every day its own name even when a late message jumps back", () => {
    const days = arrange([at(0), at(13 * 60), at(5), at(14 * 60)], null);
    expect(new Set(days.map((day) => day.key)).size).toBe(4);
  });

  it("says nothing about new where everything is", () => {
    expect(shape(arrange([at(0), at(1)], 0)[0]?.lines ?? [])).toEqual(["in:1+1"]);
  });

  it("draws the new line once, before the first unread message of the contact", () => {
    const lines = arrange([at(0), at(1), at(2)], 1)[0]?.lines ?? [];
    expect(shape(lines)).toEqual(["in:1", "new", "in:1+1"]);
  });

  it("does not call our own messages new", () => {
    const ours = { author_kind: "operator", author_id: "op1" } as const;
    expect(shape(arrange([at(0), at(1, ours)], 1)[0]?.lines ?? [])).toEqual(["in:1", "out:1"]);
  });

  it("names a channel where it changes", () => {
    const lines = arrange(
      [at(0), at(1, { channel: "widget" }), at(2, { channel: "widget" })],
      null,
    )[0]?.lines;
    expect(lines?.map((line) => line.kind === "group" && line.showChannel)).toEqual([true, true]);
  });

  it("centres what nobody wrote", () => {
    const lines = arrange([at(0), at(1, { kind: "system", author_kind: "system" }), at(2)], null)[0]
      ?.lines;
    expect(shape(lines ?? [])).toEqual(["in:1", "system", "in:1"]);
  });
});
