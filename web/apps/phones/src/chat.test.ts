import { describe, expect, it } from "vitest";
import { apply, blocks } from "./chat";
import type { Chat, Message } from "./wire";

const BOT = { id: 1, is_bot: true, first_name: "Мост" };
const GUEST = { id: 2, is_bot: false, first_name: "Ира" };
const EMPTY: Chat = {
  messages: [],
  delivered: [],
  reactions: {},
  keyboard: null,
  action: null,
  blocked: false,
  answers: [],
};
const at = { bot_id: 1, chat_id: 2 };

function says(message_id: number, from: typeof BOT, more: Partial<Message> = {}): Message {
  return { message_id, from, date: 1_000_000 + message_id, text: "чай", ...more };
}

describe("a chat", () => {
  it("keeps a repeated message once", () => {
    const event = { kind: "message", message: says(1, GUEST), ...at } as const;
    expect(apply(apply(EMPTY, event), event).messages).toHaveLength(1);
  });

  it("stops showing typing when the answer comes, and not when the guest writes", () => {
    const typing = apply(EMPTY, { kind: "action", action: "typing", ...at });
    expect(apply(typing, { kind: "message", message: says(1, GUEST), ...at }).action).toBe(
      "typing",
    );
    expect(apply(typing, { kind: "message", message: says(1, BOT), ...at }).action).toBeNull();
  });

  it("changes what is edited and forgets what is deleted", () => {
    const two = { ...EMPTY, messages: [says(1, BOT), says(2, BOT)] };
    const edited = apply(two, { kind: "edit", message: says(2, BOT, { text: "кофе" }), ...at });
    expect(edited.messages.map((m) => m.text)).toEqual(["чай", "кофе"]);
    const left = apply(edited, { kind: "delete", message_id: 1, ...at });
    expect(left.messages.map((m) => m.message_id)).toEqual([2]);
  });
});

describe("blocks", () => {
  it("puts an album together and separates voices", () => {
    const album = { media_group_id: "7" };
    const made = blocks([says(1, GUEST, album), says(2, GUEST, album), says(3, BOT)], GUEST.id);
    expect(made.map((b) => [b.own, b.messages.length, b.first, b.last])).toEqual([
      [true, 2, true, true],
      [false, 1, true, true],
    ]);
  });

  it("starts a new day with a mark", () => {
    const next = says(2, BOT, { date: 1_000_001 + 90_000 });
    expect(blocks([says(1, BOT), next], GUEST.id).map((b) => b.day)).toEqual([true, true]);
  });
});
