import { describe, expect, it } from "vitest";
import { standingOf } from "./reply-window.ts";

const HOUR = 3_600_000;
const DAY_S = 86_400;
const window = (reply: number, human = 0) => ({
  reply_s: reply,
  human_s: human,
  ad_s: 0,
  first: "person" as const,
});

describe("the reply window", () => {
  it("is always open where the platform has none", () => {
    expect(standingOf(undefined, 0, 5)).toEqual({ kind: "always" });
    expect(standingOf(window(0), 0, 5)).toEqual({ kind: "always" });
  });

  it("is open until its moment, to the millisecond", () => {
    expect(standingOf(window(DAY_S), 100, 99)).toEqual({ kind: "open", until: 100 });
    expect(standingOf(window(DAY_S), 100, 100)).toEqual({ kind: "closed" });
  });

  it("stays open for a person where the platform lets people answer for longer", () => {
    const until = 24 * HOUR;
    const closes = 7 * 24 * HOUR;
    const facebook = window(DAY_S, 7 * DAY_S);
    expect(standingOf(facebook, until, until)).toEqual({ kind: "human", until: closes });
    expect(standingOf(facebook, until, closes)).toEqual({ kind: "closed" });
  });

  it("is closed to somebody who never wrote", () => {
    expect(standingOf(window(DAY_S, 7 * DAY_S), 0, 5)).toEqual({ kind: "closed" });
  });
});
