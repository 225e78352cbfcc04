/** Invented rows and messages for tests. */
import type { InboxView, MessageView, QueueRow } from "@otklik/client";

/** A queue row; everything not named is ordinary. */
export function sampleRow(part: Partial<QueueRow> = {}): QueueRow {
  return {
    id: "c1",
    contact_id: "p1",
    contact_name: "Зоя",
    channel: "telegram",
    inbox_id: "i1",
    state: "open",
    operator_id: null,
    label_ids: [],
    preview: "Добрый вечер",
    preview_kind: "text",
    preview_author: "contact",
    unread: 1,
    last_message_at: 1000,
    waiting_since: 1000,
    operator_read_seq: 0,
    contact_read_seq: 0,
    last_seq: 1,
    created_at: 1000,
    resolved_at: null,
    ...part,
  };
}

/** A working inbox of Telegram. */
export function sampleInbox(): InboxView {
  return {
    id: "i1",
    channel: "telegram",
    title: "Чайный мост",
    public_key: "key",
    address: "https://desk.example/hooks/key",
    state: "active",
    state_reason: "",
    settings: {},
    secrets: {},
    created_at: 1000,
    last_event_at: null,
  };
}

/** A message of the contact; everything not named is ordinary. */
export function sampleMessage(part: Partial<MessageView> = {}): MessageView {
  return {
    id: "m1",
    seq: 1,
    conversation_id: "c1",
    contact_id: "p1",
    inbox_id: "i1",
    identity_id: "a1",
    channel: "telegram",
    author_kind: "contact",
    author_id: "p1",
    author_name: "Зоя",
    kind: "text",
    text: "Добрый вечер",
    content: {},
    attachments: [],
    reactions: [],
    group_key: "",
    reply_to_id: null,
    client_id: null,
    state: "received",
    failure: "",
    failure_code: "",
    sent_at: 1000,
    created_at: 1000,
    edited_at: null,
    deleted_at: null,
    ...part,
  };
}
