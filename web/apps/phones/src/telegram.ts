// Telegram's own control API, read as every other messenger's and written to in its own words.

import type { Button, Change, Chat, File, Keyboard, Mark, Message, Place } from "./wire";

interface Medium {
  file_id: string;
  file_name?: string;
  file_size?: number;
  mime_type?: string;
  width?: number;
  height?: number;
  duration?: number;
  title?: string;
  performer?: string;
  emoji?: string;
  is_animated?: boolean;
  is_video?: boolean;
}

export interface TelegramMessage {
  message_id: number;
  from?: { id: number };
  date: number;
  edit_date?: number;
  reply_to_message?: { message_id: number };
  media_group_id?: string;
  text?: string;
  entities?: Mark[];
  caption?: string;
  caption_entities?: Mark[];
  photo?: Medium[];
  video?: Medium;
  animation?: Medium;
  video_note?: Medium;
  voice?: Medium;
  audio?: Medium;
  document?: Medium;
  sticker?: Medium;
  location?: Place;
  venue?: { location: Place; title: string; address: string };
  contact?: { phone_number: string; first_name: string; last_name?: string };
  poll?: { question: string; options: { text: string }[] };
  reply_markup?: {
    inline_keyboard?: { text: string; url?: string; callback_data?: string }[][];
  };
}

interface TelegramKeyboard {
  keyboard?: { text: string; request_contact?: boolean; request_location?: boolean }[][];
  input_field_placeholder?: string;
}

type Reactions = Record<string, string[]>;

export interface TelegramChat {
  messages: TelegramMessage[];
  delivered: number[];
  reactions: Record<string, Reactions>;
  keyboard: TelegramKeyboard | null;
  action: string | null;
  blocked: boolean;
  answers: { query_id: string; text: string | null; alert: boolean }[];
}

export type TelegramEvent = { bot_id: number; chat_id: number } & (
  | { kind: "message" | "edit"; message: TelegramMessage }
  | { kind: "delete" | "delivered"; message_id: number }
  | { kind: "action"; action: string }
  | { kind: "keyboard"; keyboard: TelegramKeyboard | null }
  | { kind: "answer"; answer: { query_id: string; text: string | null; alert: boolean } }
  | { kind: "reaction"; message_id: number; reactions: Reactions }
  | { kind: "blocked"; blocked: boolean }
  | { kind: "person" | "bot" }
);

const KINDS = [
  ["animation", "animation"],
  ["video", "video"],
  ["video_note", "round"],
  ["voice", "voice"],
  ["audio", "audio"],
  ["sticker", "sticker"],
  ["document", "file"],
] as const;

function fileOf(kind: string, medium: Medium): File {
  const sticker = medium.is_animated
    ? "application/x-tgsticker"
    : medium.is_video
      ? "video/webm"
      : "image/webp";
  return {
    ...medium,
    id: medium.file_id,
    kind,
    name: medium.file_name ?? "",
    mime: kind === "sticker" ? sticker : (medium.mime_type ?? ""),
    size: medium.file_size ?? 0,
  };
}

function filesOf(message: TelegramMessage): File[] {
  const photo = message.photo?.at(-1);
  if (photo) return [fileOf("picture", photo)];
  for (const [field, kind] of KINDS) {
    const medium = message[field];
    if (medium) return [fileOf(kind, medium)];
  }
  return [];
}

function kindOf(message: TelegramMessage, files: File[]): string {
  if (message.contact) return "contact";
  if (message.location) return "location";
  return files[0]?.kind ?? "text";
}

function placeOf(message: TelegramMessage): { place?: Place } {
  const venue = message.venue;
  if (venue) return { place: { ...venue.location, title: venue.title, address: venue.address } };
  return message.location ? { place: message.location } : {};
}

function contactOf({ contact }: TelegramMessage) {
  if (!contact) return {};
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return { contact: { name, phone: contact.phone_number } };
}

function pollText({ poll }: TelegramMessage): string {
  return poll
    ? [poll.question, ...poll.options.map((option) => `○ ${option.text}`)].join("\n")
    : "";
}

export function messageOf(message: TelegramMessage, ownId: number): Message {
  const files = filesOf(message);
  const rows = message.reply_markup?.inline_keyboard;
  const own = message.from?.id === ownId;
  return {
    id: String(message.message_id),
    own,
    at: message.date,
    kind: kindOf(message, files),
    text: message.text ?? message.caption ?? pollText(message),
    marks: message.entities ?? message.caption_entities ?? [],
    files,
    ...(message.media_group_id ? { group: message.media_group_id } : {}),
    ...(message.reply_to_message ? { reply_to: String(message.reply_to_message.message_id) } : {}),
    ...(message.edit_date ? { edited_at: message.edit_date } : {}),
    ...(rows ? { buttons: rows.map((row) => row.map(buttonOf)) } : {}),
    ...placeOf(message),
    ...contactOf(message),
    status: own ? "sent" : "",
  };
}

function buttonOf(button: { text: string; url?: string; callback_data?: string }): Button {
  return button.url
    ? { text: button.text, kind: "url", url: button.url }
    : { text: button.text, kind: "press", payload: button.callback_data ?? "" };
}

function keyboardOf(keyboard: TelegramKeyboard | null): Keyboard | null {
  if (!keyboard) return null;
  const placeholder = keyboard.input_field_placeholder;
  const rows = (keyboard.keyboard ?? []).map((row) => row.map((key) => ({ text: key.text })));
  return { rows, ...(placeholder ? { placeholder } : {}) };
}

function withReactions(message: Message, reactions: Reactions, ownId: number): Message {
  const own = reactions[String(ownId)]?.join(" ") ?? "";
  const others = Object.entries(reactions).filter(([who]) => who !== String(ownId));
  return { ...message, reaction: own, answer_reaction: others.flatMap(([, all]) => all).join(" ") };
}

export function chatOf(chat: TelegramChat, ownId: number): Chat {
  const delivered = new Set(chat.delivered);
  return {
    messages: chat.messages.map((told) => {
      const message = messageOf(told, ownId);
      const status = message.own && delivered.has(told.message_id) ? "delivered" : message.status;
      return withReactions(
        { ...message, ...(status ? { status } : {}) },
        chat.reactions[message.id] ?? {},
        ownId,
      );
    }),
    keyboard: keyboardOf(chat.keyboard),
    notices: chat.answers.map(noticeOf),
    action: chat.action ?? "",
    blocked: chat.blocked,
  };
}

function noticeOf(answer: { query_id: string; text: string | null; alert: boolean }) {
  return { press_id: answer.query_id, text: answer.text ?? "", alert: answer.alert };
}

/** What an event of Telegram changes in a chat as it is now. */
export function changesOf(event: TelegramEvent, chat: Chat): Change[] {
  const known = (id: number) => chat.messages.find((message) => message.id === String(id));
  switch (event.kind) {
    case "message":
      return [{ kind: "message", message: messageOf(event.message, event.chat_id) }];
    case "edit": {
      const old = known(event.message.message_id);
      const message = { ...old, ...messageOf(event.message, event.chat_id) };
      return [{ kind: "edit", message: { ...message, status: old?.status ?? "" } }];
    }
    case "delete":
      return [{ kind: "delete", message_id: String(event.message_id) }];
    case "delivered": {
      const message = known(event.message_id);
      return message ? [{ kind: "edit", message: { ...message, status: "delivered" } }] : [];
    }
    case "reaction": {
      const message = known(event.message_id);
      if (!message) return [];
      return [{ kind: "edit", message: withReactions(message, event.reactions, event.chat_id) }];
    }
    case "answer":
      return [{ kind: "notice", notice: noticeOf(event.answer) }];
    case "keyboard":
      return [{ kind: "keyboard", keyboard: keyboardOf(event.keyboard) }];
    case "action":
    case "blocked":
      return [event];
    default:
      return [];
  }
}

const FILE_KINDS: Record<string, string> = {
  picture: "photo",
  video: "video",
  animation: "animation",
  round: "video_note",
  voice: "voice",
  audio: "audio",
  file: "document",
  sticker: "sticker",
};

function albumOf(items: unknown): unknown[] {
  const known = Array.isArray(items) ? items : [];
  return known.map((item) => ({ ...item, kind: FILE_KINDS[item.kind] ?? item.kind }));
}

/** An act in Telegram's words: its name and its fields. */
export function actOf(
  name: string,
  fields: Record<string, unknown>,
): [string, Record<string, unknown>] {
  const { message_id, reply_to, payload, text, emoji, ...rest } = fields;
  const reply = reply_to ? { reply_to: Number(reply_to) } : {};
  const kind = FILE_KINDS[name];
  if (kind) return ["file", { ...rest, kind, ...reply, ...(text ? { caption: text } : {}) }];
  switch (name) {
    case "press":
      return ["press", { message_id: Number(message_id), data: payload }];
    case "react":
      return ["reaction", { message_id: Number(message_id), emoji: emoji || null }];
    case "edit":
      return ["edit", { message_id: Number(message_id), text }];
    case "start":
      return ["start", { payload: payload ?? "" }];
    case "album":
      return ["album", { items: albumOf(rest.items), ...(text ? { caption: text } : {}) }];
    default:
      return [name, { ...rest, ...(text === undefined ? {} : { text }), ...reply }];
  }
}
