/** A contact's messages arranged for the eye: days, breaks, groups, albums and the "new" line. */
import type { MessageView } from "@otklik/client";
import { daysBetween, MINUTE } from "../../shell/time.ts";

/** Everything that hangs together as one voice: same author, channel and moment. */
export interface Group {
  kind: "group";
  key: string;
  side: "in" | "out" | "note" | "bot";
  author: string;
  /** Answered in the platform's own app, not here. */
  inApp: boolean;
  channel: string;
  /** A new channel is named once, where it begins. */
  showChannel: boolean;
  items: Item[];
}

/** A bubble: one message, or an album of several. */
export interface Item {
  key: string;
  messages: MessageView[];
}

/** One day of the timeline. */
export interface Day {
  key: string;
  at: number;
  lines: Line[];
}

export type Line =
  | Group
  | { kind: "new"; key: string }
  | { kind: "system"; key: string; message: MessageView };

const BREAK_MS = 5 * MINUTE;

/** Arrange messages (ascending). `readSeq`: the last number the operator had seen, or null. */
export function arrange(messages: readonly MessageView[], readSeq: number | null): Day[] {
  const days: Day[] = [];
  let lines: Line[] = [];
  let last: MessageView | undefined;
  let lastChannel = "";
  let markedNew = readSeq === null;
  for (const message of messages) {
    if (!last || daysBetween(last.sent_at, message.sent_at) !== 0) {
      lines = [];
      days.push({ key: dayKey(message, days), at: message.sent_at, lines });
    }
    if (!markedNew && message.seq > (readSeq ?? 0) && message.author_kind === "contact") {
      markedNew = true;
      // Where everything is new, a line that says so tells nothing.
      if (last) lines.push({ kind: "new", key: "new" });
    }
    if (message.kind === "system") lines.push({ kind: "system", key: message.id, message });
    else {
      place(lines, message, last, message.channel !== lastChannel);
      lastChannel = message.channel;
    }
    last = message;
  }
  return days;
}

/** A name that older messages of the same day, loaded later, do not change. */
function dayKey(message: MessageView, days: readonly Day[]): string {
  const date = new Date(message.sent_at).toDateString();
  return days.some((day) => day.key === date) ? `${date} ${message.id}` : date;
}

function place(
  lines: Line[],
  message: MessageView,
  last: MessageView | undefined,
  showChannel: boolean,
): void {
  const group = lines.at(-1);
  if (group?.kind !== "group" || !last || !joins(last, message)) {
    lines.push({
      kind: "group",
      key: message.id,
      side: sideOf(message),
      author: message.author_name,
      inApp: inApp(message),
      channel: message.channel,
      showChannel: showChannel && message.kind !== "note",
      items: [{ key: message.id, messages: [message] }],
    });
    return;
  }
  const album = group.items.at(-1);
  if (album && message.group_key !== "" && album.messages[0]?.group_key === message.group_key) {
    album.messages.push(message);
  } else {
    group.items.push({ key: message.id, messages: [message] });
  }
}

function joins(last: MessageView, message: MessageView): boolean {
  return (
    sideOf(last) === sideOf(message) &&
    last.author_id === message.author_id &&
    inApp(last) === inApp(message) &&
    last.channel === message.channel &&
    message.sent_at - last.sent_at < BREAK_MS
  );
}

/** Whether it was answered in the platform's own app. */
function inApp(message: MessageView): boolean {
  return message.content.details?.in_app !== undefined;
}

/** Whose voice a message is. */
export function sideOf(message: Pick<MessageView, "kind" | "author_kind">): Group["side"] {
  if (message.kind === "note") return "note";
  if (message.author_kind === "contact") return "in";
  return message.author_kind === "bot" ? "bot" : "out";
}
