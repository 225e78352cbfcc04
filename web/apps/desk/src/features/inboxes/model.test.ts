import type { ChannelView } from "@otklik/client";
import { beforeEach, describe, expect, it } from "vitest";
import { prefer } from "../../shell/preferences.ts";
import { explained, inOrder, pieces, remedyOf } from "./model.ts";

/** A channel of which only these parts matter here. */
function channel(part: Pick<ChannelView, "id" | "region"> & Partial<ChannelView>): ChannelView {
  return { errors: [], ...part } as unknown as ChannelView;
}

const CHANNELS = [
  channel({ id: "email", region: "world" }),
  channel({ id: "messenger", region: "world" }),
  channel({ id: "ok", region: "ru" }),
  channel({ id: "some_new_one", region: "world" }),
  channel({ id: "telegram", region: "world" }),
  channel({
    id: "vk",
    region: "ru",
    errors: [
      {
        code: "901",
        kind: "blocked",
        en: "Messages are not allowed.",
        ru: "Сообщения не разрешены.",
        remedy_en: "Ask them to allow it.",
        remedy_ru: "Попросите разрешить.",
      },
    ],
  }),
  channel({ id: "widget", region: "world" }),
];

beforeEach(() => prefer("locale", "ru"));

describe("the channels to choose from", () => {
  it("begin with the site chat and those of the operator's own country", () => {
    const ids = inOrder(CHANNELS).map((one) => one.id);
    const world = ["telegram", "messenger", "email", "some_new_one"];
    expect(ids).toEqual(["widget", "vk", "ok", ...world]);
    prefer("locale", "en");
    expect(inOrder(CHANNELS).map((one) => one.id)).toEqual(["widget", ...world, "vk", "ok"]);
  });
});

describe("a step with something to paste", () => {
  it("is cut where it is filled in", () => {
    expect(pieces("Адрес: {address}, ключ — {verify_token}.", { address: "https://a" })).toEqual([
      { text: "Адрес: ", copied: false },
      { text: "https://a", copied: true },
      { text: ", ключ — ", copied: false },
      { text: "{verify_token}", copied: false },
      { text: ".", copied: false },
    ]);
  });
});

describe("why a platform refused", () => {
  it("is said in the channel's own words, with the remedy", () => {
    expect(explained(CHANNELS, "vk", "901")).toEqual({
      why: "Сообщения не разрешены.",
      remedy: "Попросите разрешить.",
    });
    prefer("locale", "en");
    expect(explained(CHANNELS, "vk", "901")?.why).toBe("Messages are not allowed.");
  });

  it("is left to the general sentence when the code is not known", () => {
    expect(explained(CHANNELS, "vk", "902")).toBeUndefined();
    expect(explained(CHANNELS, "telegram", "901")).toBeUndefined();
    expect(explained(undefined, "vk", "901")).toBeUndefined();
  });

  it("has a remedy for every state a connection gets into", () => {
    for (const reason of ["bad_token", "unsubscribed"]) {
      expect(remedyOf(reason)).not.toBe(reason);
    }
  });
});
