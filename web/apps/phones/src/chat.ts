// Pure changes of a chat, and how its messages are grouped for reading.

import type { Change, Chat, ChatCard, File, Message, Spot } from "./wire";

export const keyOf = (spot: Spot) => `${spot.platform}/${spot.account}/${spot.person}`;

export function apply(chat: Chat, change: Change): Chat {
  switch (change.kind) {
    case "message":
      return withMessage(chat, change.message);
    case "edit":
      return { ...chat, messages: chat.messages.map((old) => newer(old, change.message)) };
    case "delete":
      return { ...chat, messages: chat.messages.filter((one) => one.id !== change.message_id) };
    case "action":
      return { ...chat, action: change.action };
    case "keyboard":
      return { ...chat, keyboard: change.keyboard };
    case "notice":
      return { ...chat, notices: [...chat.notices, change.notice] };
    case "blocked":
      return { ...chat, blocked: change.blocked };
  }
}

function newer(old: Message, edited: Message): Message {
  return old.id === edited.id ? edited : old;
}

function withMessage(chat: Chat, message: Message): Chat {
  if (chat.messages.some((old) => old.id === message.id))
    return { ...chat, messages: chat.messages.map((old) => newer(old, message)) };
  const action = message.own ? chat.action : "";
  return { ...chat, action, messages: [...chat.messages, message] };
}

/** Messages that stand together: an album is one block of several, everything else of one. */
export interface Block {
  key: string;
  own: boolean;
  messages: Message[];
  first: boolean;
  last: boolean;
  day: boolean;
}

export function blocks(messages: Message[]): Block[] {
  const made: Block[] = [];
  for (const message of messages) {
    const before = made.at(-1);
    if (before && message.group && before.messages[0]?.group === message.group) {
      before.messages.push(message);
      continue;
    }
    const previous = before?.messages.at(-1);
    const day = !previous || !sameDay(previous.at, message.at);
    const joins = before?.own === message.own && !day && message.at - (previous?.at ?? 0) < 300;
    if (before) before.last = !joins;
    made.push({
      key: message.id,
      own: message.own,
      messages: [message],
      first: !joins,
      last: true,
      day,
    });
  }
  return made;
}

function sameDay(a: number, b: number): boolean {
  return new Date(a * 1000).toDateString() === new Date(b * 1000).toDateString();
}

/** All files of a block, in the order they came. */
export function filesOf(block: Block): File[] {
  return block.messages.flatMap((message) => message.files ?? []);
}

/** Where each person's newest message is: a telephone opens with that app. */
export function newestApps(chats: ChatCard[]): Map<number, string> {
  const newest = new Map<number, ChatCard>();
  for (const chat of chats)
    if (chat.at > (newest.get(chat.person)?.at ?? 0)) newest.set(chat.person, chat);
  return new Map([...newest].map(([person, chat]) => [person, chat.platform]));
}

/** The sum of a basket as a decimal, "" when a price is missing. */
export function totalOf(items: { price?: string; quantity?: number }[]): string {
  if (items.some((item) => !item.price)) return "";
  const sum = items.reduce((all, item) => all + Number(item.price) * (item.quantity ?? 1), 0);
  return sum.toFixed(2);
}

/** Letters that belong together: by subject, without its "Re:" and "Fwd:", newest first. */
export function letters(messages: Message[]): { subject: string; messages: Message[] }[] {
  const found = new Map<string, Message[]>();
  for (const message of messages) {
    const subject = bareSubject(message.title ?? "");
    found.set(subject, [...(found.get(subject) ?? []), message]);
  }
  return [...found]
    .map(([subject, all]) => ({ subject, messages: all }))
    .sort((a, b) => (b.messages.at(-1)?.at ?? 0) - (a.messages.at(-1)?.at ?? 0));
}

export function bareSubject(subject: string): string {
  return subject.replace(/^((re|fwd?|отв|на):\s*)+/i, "").trim();
}
