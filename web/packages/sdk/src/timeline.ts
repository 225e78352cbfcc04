/** The messages the app knows, one for each id, in the order of their numbers. */
import type { Change } from "./line.ts";
import type { Feed } from "./news.ts";
import type { VisitorMessage } from "./protocol.gen.ts";

export interface Timeline {
  all(): readonly VisitorMessage[];
  /** Take messages in; those that are new are told. */
  take(messages: readonly VisitorMessage[], tell: boolean): void;
  apply(changes: readonly Change[]): void;
  clear(): void;
}

export function timeline({ tell }: Feed): Timeline {
  const byId = new Map<string, VisitorMessage>();
  let sorted: VisitorMessage[] = [];

  function put(message: VisitorMessage, isTold: boolean): void {
    const known = byId.get(message.id);
    byId.set(message.id, message);
    sorted = [...byId.values()].sort((one, other) => one.seq - other.seq);
    if (!isTold) return;
    if (!known) tell("message", message);
    else if (versionOf(known) !== versionOf(message)) tell("changed", message);
  }

  function apply(change: Change): void {
    if (change.kind === "read") tell("read", change.operator_read_seq);
    else if (change.kind === "message.state") {
      const known = byId.get(change.message_id);
      if (known) put({ ...known, state: change.state }, true);
    } else put(change.message, true);
  }

  return {
    all: () => sorted,
    take(messages, isTold) {
      for (const message of messages) put(message, isTold);
    },
    apply(changes) {
      for (const change of changes) apply(change);
    },
    clear() {
      byId.clear();
      sorted = [];
    },
  };
}

/** Addresses of files are signed anew every time: they make no other message. */
function versionOf(message: VisitorMessage): string {
  const attachments = message.attachments.map((one) => ({ ...one, url: !!one.url }));
  return JSON.stringify({ ...message, attachments });
}
