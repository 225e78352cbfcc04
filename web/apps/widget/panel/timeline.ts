/** The timeline as it is shown: merged, in order, grouped, with days between. */
import type { Waiting } from "./outbox";
import type { Change, Message } from "./wire";

const GROUP_GAP_MS = 5 * 60_000;

/** Put new versions of messages among the old ones: one per id, by sequence number. */
export function merge(old: readonly Message[], fresh: readonly Message[]): Message[] {
  const byId = new Map(old.map((message) => [message.id, message]));
  for (const message of fresh) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

export interface Known {
  messages: Message[];
  readByOperator: number;
}

/** Apply the changes the server tells, in their order. */
export function apply(known: Known, changes: readonly Change[]): Known {
  let { messages, readByOperator } = known;
  for (const change of changes) {
    if (change.kind === "read") readByOperator = Math.max(readByOperator, change.operator_read_seq);
    else if (change.kind === "message.state")
      messages = messages.map((message) =>
        message.id === change.message_id ? { ...message, state: change.state } : message,
      );
    else if (change.message) messages = merge(messages, [change.message]);
  }
  return { messages, readByOperator };
}

export function unreadOf(messages: readonly Message[], seen: number): Message[] {
  return messages.filter((m) => m.from !== "contact" && m.seq > seen && !m.deleted);
}

export interface Bubble {
  /** Stable for the drawing: the client id of our own, else the id. */
  key: string;
  messages: Message[];
  waiting: Waiting | null;
  at: number;
}

export interface Group {
  key: string;
  from: Message["from"];
  author: string;
  bubbles: Bubble[];
}

export type Row = { kind: "day"; key: string; at: number } | { kind: "group"; group: Group };

/** Lay the timeline out in days and groups; what waits comes last. */
export function rowsOf(messages: readonly Message[], waiting: readonly Waiting[]): Row[] {
  const here = new Set(messages.map((message) => message.client_id));
  const bubbles = albums(messages);
  for (const item of waiting) {
    if (here.has(item.client_id)) continue;
    bubbles.push({ key: item.client_id, messages: [], waiting: item, at: item.at });
  }
  const rows: Row[] = [];
  let day = "";
  let group: Group | undefined;
  let last = 0;
  for (const bubble of bubbles) {
    const date = new Date(bubble.at).toDateString();
    if (date !== day && !(bubble.waiting && day)) {
      day = date;
      group = undefined;
      rows.push({ kind: "day", key: date, at: bubble.at });
    }
    const from = bubble.messages[0]?.from ?? "contact";
    const author = bubble.messages[0]?.author_name ?? "";
    const joins = group?.from === from && (from === "contact" || group.author === author);
    if (!group || !joins || bubble.at - last > GROUP_GAP_MS) {
      group = { key: bubble.key, from, author, bubbles: [] };
      rows.push({ kind: "group", group });
    }
    group.bubbles.push(bubble);
    last = bubble.at;
  }
  return rows;
}

/** Neighbours of one album become one bubble. */
function albums(messages: readonly Message[]): Bubble[] {
  const bubbles: Bubble[] = [];
  for (const message of messages) {
    const before = bubbles.at(-1)?.messages[0];
    if (message.group_key && before?.group_key === message.group_key && !message.deleted)
      bubbles.at(-1)?.messages.push(message);
    else
      bubbles.push({
        key: message.client_id || message.id,
        messages: [message],
        waiting: null,
        at: message.sent_at,
      });
  }
  return bubbles;
}
