// Pure changes of a chat, and how its messages are grouped for reading.

import type { Chat, ChatEvent, Message } from "./wire";

export function apply(chat: Chat, event: ChatEvent): Chat {
  switch (event.kind) {
    case "message":
      return withMessage(chat, event.message);
    case "edit":
      return { ...chat, messages: chat.messages.map((m) => newer(m, event.message)) };
    case "delete":
      return { ...chat, messages: chat.messages.filter((m) => m.message_id !== event.message_id) };
    case "delivered":
      return { ...chat, delivered: [...chat.delivered, event.message_id] };
    case "action":
      return { ...chat, action: event.action };
    case "keyboard":
      return { ...chat, keyboard: event.keyboard };
    case "answer":
      return { ...chat, answers: [...chat.answers, event.answer] };
    case "reaction":
      return { ...chat, reactions: { ...chat.reactions, [event.message_id]: event.reactions } };
    case "blocked":
      return { ...chat, blocked: event.blocked };
  }
}

function newer(old: Message, edited: Message): Message {
  return old.message_id === edited.message_id ? edited : old;
}

function withMessage(chat: Chat, message: Message): Chat {
  if (chat.messages.some((m) => m.message_id === message.message_id)) return chat;
  const action = message.from?.is_bot ? null : chat.action;
  return { ...chat, action, messages: [...chat.messages, message] };
}

/** Messages that stand together: an album is one block of several, everything else a block of one. */
export interface Block {
  key: number;
  own: boolean;
  messages: Message[];
  first: boolean;
  last: boolean;
  day: boolean;
}

export function blocks(messages: Message[], ownId: number): Block[] {
  const made: Block[] = [];
  for (const message of messages) {
    const before = made.at(-1);
    const album = message.media_group_id;
    if (before && album && before.messages[0]?.media_group_id === album) {
      before.messages.push(message);
      continue;
    }
    const own = message.from?.id === ownId;
    const previous = before?.messages.at(-1);
    const day = !previous || !sameDay(previous.date, message.date);
    const joins = before?.own === own && !day && message.date - (previous?.date ?? 0) < 300;
    if (before) before.last = !joins;
    made.push({
      key: message.message_id,
      own,
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
