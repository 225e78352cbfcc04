import { describe, expect, it } from "vitest";
import { actOf, changesOf, chatOf, messageOf, type TelegramMessage } from "./telegram";

const GUEST = 2;
const at = { bot_id: 1, chat_id: GUEST };

function told(message_id: number, from: number, more: Partial<TelegramMessage> = {}) {
  return { message_id, from: { id: from }, date: 1_000_000 + message_id, ...more };
}

const CHAT = {
  messages: [told(1, GUEST, { text: "чай" }), told(2, 1, { text: "Да" })],
  delivered: [1],
  reactions: { "2": { "2": ["👍"], "9": ["🔥"] } },
  keyboard: { keyboard: [[{ text: "Позже" }]], input_field_placeholder: "Выберите" },
  action: null,
  blocked: false,
  answers: [{ query_id: "7", text: null, alert: false }],
};

describe("a chat of Telegram", () => {
  it("reads as every other: whose, ticks, reactions, keys, answers", () => {
    const chat = chatOf(CHAT, GUEST);
    expect(chat.messages.map(({ own, status }) => [own, status])).toEqual([
      [true, "delivered"],
      [false, ""],
    ]);
    expect(chat.messages[1]).toMatchObject({ reaction: "👍", answer_reaction: "🔥" });
    expect(chat.keyboard).toEqual({ rows: [[{ text: "Позже" }]], placeholder: "Выберите" });
    expect(chat.notices).toEqual([{ press_id: "7", text: "", alert: false }]);
    expect(chat.action).toBe("");
  });

  it("shows the biggest photo, and a sticker by what moves in it", () => {
    const photo = [{ file_id: "s" }, { file_id: "b", file_size: 9 }];
    expect(messageOf(told(1, 2, { photo, caption: "вот" }), GUEST)).toMatchObject({
      kind: "picture",
      text: "вот",
      files: [{ id: "b", size: 9 }],
    });
    const moving = { file_id: "x", is_animated: true };
    expect(messageOf(told(1, 2, { sticker: moving }), GUEST).files?.[0]?.mime).toContain("tgs");
  });

  it("has buttons that come back and buttons that lead away", () => {
    const inline_keyboard = [
      [
        { text: "Да", callback_data: "yes" },
        { text: "Сайт", url: "https://tea.example" },
      ],
    ];
    const message = messageOf(told(1, 1, { reply_markup: { inline_keyboard } }), GUEST);
    expect(message.buttons?.[0]).toEqual([
      { text: "Да", kind: "press", payload: "yes" },
      { text: "Сайт", kind: "url", url: "https://tea.example" },
    ]);
  });

  it("changes by its events", () => {
    const chat = chatOf(CHAT, GUEST);
    const seen = changesOf({ kind: "delivered", message_id: 2, ...at }, chat);
    expect(seen).toMatchObject([{ kind: "edit", message: { id: "2", status: "delivered" } }]);
    expect(changesOf({ kind: "delivered", message_id: 77, ...at }, chat)).toEqual([]);
    const edit = changesOf(
      { kind: "edit", message: told(1, GUEST, { text: "кофе" }), ...at },
      chat,
    );
    expect(edit).toMatchObject([{ message: { text: "кофе", status: "delivered" } }]);
    const answer = { query_id: "8", text: "Готово", alert: true };
    expect(changesOf({ kind: "answer", answer, ...at }, chat)).toEqual([
      { kind: "notice", notice: { press_id: "8", text: "Готово", alert: true } },
    ]);
  });
});

describe("an act in Telegram's words", () => {
  it.each([
    ["react", { message_id: "5", emoji: "" }, ["reaction", { message_id: 5, emoji: null }]],
    ["press", { message_id: "5", payload: "yes" }, ["press", { message_id: 5, data: "yes" }]],
    ["edit", { message_id: "5", text: "да" }, ["edit", { message_id: 5, text: "да" }]],
    ["picture", { text: "вот" }, ["file", { kind: "photo", caption: "вот" }]],
    ["text", { text: "да", reply_to: "5" }, ["text", { text: "да", reply_to: 5 }]],
    ["start", { payload: "x", source: "ad" }, ["start", { payload: "x" }]],
    ["block", {}, ["block", {}]],
    [
      "album",
      { items: [{ kind: "picture", sample: "a.jpg" }] },
      ["album", { items: [{ kind: "photo", sample: "a.jpg" }] }],
    ],
  ])("%s", (name, fields, wanted) => {
    expect(actOf(name, fields)).toEqual(wanted);
  });
});
