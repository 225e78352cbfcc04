import { describe, expect, it } from "vitest";
import { apply, bareSubject, blocks, letters, newestApps, totalOf } from "./chat";
import type { Chat, Message } from "./wire";

const EMPTY: Chat = { messages: [], keyboard: null, notices: [], action: "", blocked: false };

function says(id: number, own: boolean, more: Partial<Message> = {}): Message {
  return { id: String(id), own, at: 1_000_000 + id, text: "чай", ...more };
}

describe("a chat", () => {
  it("keeps a repeated message once, in its newest form", () => {
    const first = apply(EMPTY, { kind: "message", message: says(1, true, { status: "sent" }) });
    const again = says(1, true, { status: "delivered" });
    const chat = apply(first, { kind: "message", message: again });
    expect(chat.messages.map((message) => message.status)).toEqual(["delivered"]);
  });

  it("stops showing typing when the answer comes, and not when the guest writes", () => {
    const typing = apply(EMPTY, { kind: "action", action: "typing" });
    expect(apply(typing, { kind: "message", message: says(1, true) }).action).toBe("typing");
    expect(apply(typing, { kind: "message", message: says(1, false) }).action).toBe("");
  });

  it("changes what is edited and forgets what is deleted", () => {
    const two = { ...EMPTY, messages: [says(1, false), says(2, false)] };
    const edited = apply(two, { kind: "edit", message: says(2, false, { text: "кофе" }) });
    expect(edited.messages.map((m) => m.text)).toEqual(["чай", "кофе"]);
    const left = apply(edited, { kind: "delete", message_id: "1" });
    expect(left.messages.map((m) => m.id)).toEqual(["2"]);
  });

  it("takes keyboards, answers to presses and blocks as they come", () => {
    const keyboard = { rows: [[{ text: "Да" }]] };
    const notice = { press_id: "7", text: "Отложили", alert: false };
    const chat = [
      { kind: "keyboard", keyboard } as const,
      { kind: "notice", notice } as const,
      { kind: "blocked", blocked: true } as const,
    ].reduce(apply, EMPTY);
    expect(chat).toMatchObject({ keyboard, notices: [notice], blocked: true });
  });
});

describe("blocks", () => {
  it("puts an album together and separates voices", () => {
    const made = blocks([
      says(1, true, { group: "7" }),
      says(2, true, { group: "7" }),
      says(3, false),
    ]);
    expect(made.map((b) => [b.own, b.messages.length, b.first, b.last])).toEqual([
      [true, 2, true, true],
      [false, 1, true, true],
    ]);
  });

  it("starts a new day with a mark", () => {
    const next = says(2, false, { at: 1_000_001 + 90_000 });
    expect(blocks([says(1, false), next]).map((b) => b.day)).toEqual([true, true]);
  });
});

describe("a telephone", () => {
  const at = (platform: string, when: number, person = 5) => ({
    platform,
    account: "1",
    person,
    at: when,
  });

  it("opens with the app of its person's newest message, if there is one", () => {
    const chats = [at("vk", 10), at("max", 20), at("viber", 30, 6), at("ok", 0), at("ok", 0, 7)];
    expect([...newestApps(chats)]).toEqual([
      [5, "max"],
      [6, "viber"],
    ]);
  });
});

describe("a basket", () => {
  it("is summed by quantity, and not at all when a price is missing", () => {
    expect(totalOf([{ price: "1290.50", quantity: 2 }, { price: "10" }])).toBe("2591.00");
    expect(totalOf([{ price: "10" }, {}])).toBe("");
  });
});

describe("letters", () => {
  it("of one subject stand together, the newest subject first", () => {
    const found = letters([
      says(1, true, { title: "Заказ 4817" }),
      says(2, true, { title: "Опт" }),
      says(3, false, { title: "Re: Заказ 4817" }),
    ]);
    expect(found.map((one) => [one.subject, one.messages.length])).toEqual([
      ["Заказ 4817", 2],
      ["Опт", 1],
    ]);
  });

  it("lose every mark of an answer from their subject", () => {
    expect(bareSubject("Re: FWD: Отв: Заказ")).toBe("Заказ");
    expect(bareSubject("Реклама: да")).toBe("Реклама: да");
  });
});
